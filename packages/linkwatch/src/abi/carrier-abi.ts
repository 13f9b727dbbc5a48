/**
 * The numbers of a kernel-event socket: events of the data-link class, each about one interface. Offsets in bytes, from
 * the start of the structure that a field is named after.
 */
export interface KernelEventAbi {
  readonly PF_SYSTEM: number;
  readonly SYSPROTO_EVENT: number;
  /** The request that chooses the events that come; without it none do. */
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
    /** Where the event's own structure begins: the least that a message has. */
    readonly event_data: number;
  };
  /** An interface: a name without its number, and that number. */
  readonly net_event_data: { readonly if_unit: number; readonly if_name: number };
}

/** The numbers with which a driver is asked about its link: SIOCGIFMEDIA. */
export interface MediaAbi {
  /** Tried in this order: a driver may know only one of them. */
  readonly requests: readonly number[];
  readonly ifmediareq: { readonly size: number; readonly ifm_name: number; readonly ifm_status: number };
  readonly IFM_AVALID: number;
  readonly IFM_ACTIVE: number;
}

/** How a carrier is found out where routing messages have no link state. */
export interface CarrierAbi {
  readonly events: KernelEventAbi;
  readonly media: MediaAbi;
}
