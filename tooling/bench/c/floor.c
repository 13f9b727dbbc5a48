/*
 * The floor: the least that a daemon can do for one source and some destinations. It listens to rtnetlink, and sets
 * the destinations' IFF_UP when the source's link goes or comes. No names, no state but the last, no resync, no log.
 *
 *   floor [-f] em0 carp0 [carp1 ...]
 *
 * -f: a socket filter drops the messages about other links, so that a storm of them does not wake it.
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

unsigned int if_nametoindex(const char *);

static int control;

static void set(const char *name, int up)
{
	struct ifreq request = { 0 };
	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
		return;
	if (!!(request.ifr_flags & IFF_UP) == up)
		return;
	request.ifr_flags ^= IFF_UP;
	ioctl(control, SIOCSIFFLAGS, &request);
}

/* operstate up, or unknown with a carrier: linux/Documentation/networking/operstates.rst */
static int good(struct nlmsghdr *header)
{
	struct ifinfomsg *info = NLMSG_DATA(header);
	int left = IFLA_PAYLOAD(header);
	if (!(info->ifi_flags & IFF_UP))
		return 0;
	for (struct rtattr *attribute = IFLA_RTA(info); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == IFLA_OPERSTATE) {
			unsigned char state = *(unsigned char *)RTA_DATA(attribute);
			return state == 6 || (state == 0 && (info->ifi_flags & 0x10000) && (info->ifi_flags & IFF_RUNNING));
		}
	return 1;
}

/* A filter reads words in network order. Behind the header of 16 bytes, ifi_index begins at byte 4. */
static int filter(int fd, int index)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 20),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(index), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = 4, .filter = code };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int main(int count, char **words)
{
	static char buffer[65536];
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int was = 1;
	int filters = count > 1 && !strcmp(words[1], "-f");
	count -= filters;
	words += filters;
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (count < 3 || fd < 0 || control < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return 1;
	int index = (int)if_nametoindex(words[1]);
	if (filters && filter(fd, index) < 0)
		return 2;
	int size = 8 << 20;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	fprintf(stderr, "ready\n");
	for (;;) {
		ssize_t length = recv(fd, buffer, sizeof buffer, 0);
		if (length < 0)
			continue;
		for (struct nlmsghdr *header = (struct nlmsghdr *)buffer; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
			struct ifinfomsg *info = NLMSG_DATA(header);
			if (header->nlmsg_type != RTM_NEWLINK || info->ifi_index != index || info->ifi_family != AF_UNSPEC)
				continue;
			int is = good(header);
			if (is == was)
				continue;
			was = is;
			for (int at = 2; at < count; at++)
				set(words[at], is);
		}
	}
}
