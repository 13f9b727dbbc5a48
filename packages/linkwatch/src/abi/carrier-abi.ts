/**
 * The numbers of a kernel-event socket, for events of the data-link class, each about one interface. Offsets are in bytes from the
 * start of the structure that a field is named after.
 */
export interface KernelEventAbi {
  readonly PF_SYSTEM: number;
  readonly SYSPROTO_EVENT: number;
  /** The request that selects the events. Without it there are none. */
  readonly SIOCSKEVFILT: number;
  readonly kev_request: {
    readonly size: number;
    readonly vendor_code: number;
    readonly kev_class: number;
    readonly kev_subclass: number;
  };
  readonly KEV_VENDOR_APPLE: number;
  readonly KEV_NETWORK_CLASS: number;
  readonly KEV_DL_SUBCLASS: number;
  readonly KEV_DL_IF_ATTACHED: number;
  readonly KEV_DL_IF_DETACHED: number;
  readonly KEV_DL_LINK_OFF: number;
  readonly KEV_DL_LINK_ON: number;
  readonly kern_event_msg: {
    readonly total_size: number;
    readonly vendor_code: number;
    readonly kev_class: number;
    readonly kev_subclass: number;
    readonly event_code: number;
    /** The offset of the structure of the event, which is the smallest size of a message. */
    readonly event_data: number;
  };
  /** An interface: its name without the number, and the number. */
  readonly net_event_data: { readonly if_unit: number; readonly if_name: number };
}

/** The numbers of SIOCGIFMEDIA, which asks a driver for its link. */
export interface MediaAbi {
  /** The requests to try in order: a driver may know only one of them. */
  readonly requests: readonly number[];
  readonly ifmediareq: { readonly size: number; readonly ifm_name: number; readonly ifm_status: number };
  readonly IFM_AVALID: number;
  readonly IFM_ACTIVE: number;
}

/** The way to find out a carrier on a system whose routing messages have no link state. */
export interface CarrierAbi {
  readonly events: KernelEventAbi;
  readonly media: MediaAbi;
}
