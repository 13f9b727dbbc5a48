/*
 * What it takes to learn that a carrier is gone while the kernel holds the news back (net/core/link_watch.c): for each
 * way to read, whether it says the truth, whether it makes the kernel tell, and what it costs: with nothing to tell, when
 * it makes the kernel tell, and while another process sets an interface up and down as fast as it can. In a network
 * namespace of its own, as root:
 *
 *   unshare -n reads [rounds]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

unsigned int if_nametoindex(const char *);

static int control, tap, news, asking, sysfs, counter, first;
static int watched;
static char buffer[65536];

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void pause_for(long milliseconds)
{
	struct timespec nap = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
	nanosleep(&nap, 0);
}

static int glink(void)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	struct ifreq request = { .ifr_data = (char *)&value };
	strcpy(request.ifr_name, "em0");
	return ioctl(control, SIOCETHTOOL, &request) < 0 ? -1 : !!value.data;
}

static int carrier_file(void)
{
	char text[4];
	return pread(sysfs, text, sizeof text, 0) < 1 ? -1 : text[0] == '1';
}

/* The sum of losses and returns: even since the first look where there is a carrier. */
static int count_file(void)
{
	char text[12] = { 0 };
	return pread(counter, text, sizeof text - 1, 0) < 1 ? -1 : (atoi(text) - first) % 2 == 0;
}

static int getlink(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} request = { { sizeof request, RTM_GETLINK, NLM_F_REQUEST, 1, 0 }, { .ifi_index = watched } };
	struct nlmsghdr *answer = (struct nlmsghdr *)buffer;
	int left;
	send(asking, &request, sizeof request, 0);
	if (recv(asking, buffer, sizeof buffer, 0) < 0)
		return -1;
	left = IFLA_PAYLOAD(answer);
	for (struct rtattr *at = IFLA_RTA(NLMSG_DATA(answer)); RTA_OK(at, left); at = RTA_NEXT(at, left))
		if (at->rta_type == IFLA_CARRIER)
			return *(unsigned char *)RTA_DATA(at);
	return -1;
}

static int flags(void)
{
	struct ifreq request = { 0 };
	strcpy(request.ifr_name, "em0");
	return ioctl(control, SIOCGIFFLAGS, &request) < 0 ? -1 : !!(request.ifr_flags & IFF_RUNNING);
}

/* Whether the kernel has told that em0 has no carrier; leaves nothing unread. */
static int told(void)
{
	int lost = 0;
	ssize_t length;
	while ((length = recv(news, buffer, sizeof buffer, MSG_DONTWAIT)) > 0 || errno == ENOBUFS) {
		struct nlmsghdr *header = (struct nlmsghdr *)buffer;
		struct ifinfomsg *info = NLMSG_DATA(header);
		if (length > 0 && info->ifi_index == watched)
			lost = !(info->ifi_flags & 0x10000);
		if (length < 0)
			errno = 0;
	}
	return lost;
}

static void carrier(int on)
{
	if (ioctl(tap, TUNSETCARRIER, &on) < 0)
		exit(3);
}

/* Another process that keeps the kernel's lock on interfaces busy. */
static pid_t storm(void)
{
	pid_t child = fork();
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	if (child != 0)
		return child;
	tap = open("/dev/net/tun", O_RDWR);
	strcpy(request.ifr_name, "other0");
	if (ioctl(tap, TUNSETIFF, &request) < 0)
		_exit(1);
	for (int up = 1;; up = !up) {
		request.ifr_flags = up ? IFF_UP : 0;
		ioctl(control, SIOCSIFFLAGS, &request);
	}
}

static int order(const void *one, const void *other)
{
	double difference = *(const double *)one - *(const double *)other;
	return difference < 0 ? -1 : difference > 0;
}

static double median(double *samples, int count)
{
	if (count == 0)
		return -1;
	qsort(samples, count, sizeof *samples, order);
	return samples[count / 2];
}

int main(int count, char **words)
{
	static const struct {
		const char *name;
		int (*read)(void);
	} ways[] = { { "ETHTOOL_GLINK", glink }, { "sysfs carrier, open descriptor", carrier_file },
		{ "sysfs carrier_changes, open descriptor", count_file },
		{ "RTM_GETLINK of one index", getlink }, { "SIOCGIFFLAGS", flags } };
	int rounds = count > 1 ? atoi(words[1]) : 20;
	double idle[2000], flushing[1000], busy[1000];
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	/* The sysfs of this namespace, seen by this process alone. */
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) < 0 || mount("sysfs", "/sys", "sysfs", 0, 0) < 0)
		return 1;
	control = socket(AF_INET, SOCK_DGRAM, 0);
	news = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	asking = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	tap = open("/dev/net/tun", O_RDWR);
	strcpy(request.ifr_name, "em0");
	if (bind(news, (struct sockaddr *)&address, sizeof address) < 0 || tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
		return 2;
	request.ifr_flags = IFF_UP;
	ioctl(control, SIOCSIFFLAGS, &request);
	watched = if_nametoindex("em0");
	sysfs = open("/sys/class/net/em0/carrier", O_RDONLY);
	counter = open("/sys/class/net/em0/carrier_changes", O_RDONLY);
	carrier(1);
	if (pread(counter, buffer, sizeof buffer, 0) < 1)
		return 4;
	first = atoi(buffer);
	printf("way | truth | flushes | nothing pending, median | flushing, median | in a storm: median | 99 of 100\n");
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
		int held = 0, truth = 0, flushed = 0, samples = 0;
		for (int round = 0; round < rounds; round++) {
			double began;
			int says;
			carrier(1);
			pause_for(1300);
			for (int at = 0; at < 2000; at++) {
				began = now();
				ways[way].read();
				idle[at] = now() - began;
			}
			/* The kernel reports the first loss at once and opens the window; it holds the second one back. */
			carrier(0);
			pause_for(30);
			carrier(1);
			pause_for(30);
			told();
			carrier(0);
			pause_for(5);
			if (told())
				continue;
			held++;
			began = now();
			says = ways[way].read();
			flushing[samples++] = now() - began;
			truth += says == 0;
			flushed += told();
		}
		carrier(1);
		pid_t child = storm();
		pause_for(300);
		for (int at = 0; at < 1000; at++) {
			double began = now();
			ways[way].read();
			busy[at] = now() - began;
			pause_for(1);
		}
		kill(child, SIGKILL);
		waitpid(child, 0, 0);
		qsort(busy, 1000, sizeof *busy, order);
		printf("%s | %d of %d | %d of %d | %.1f us | %.1f us | %.1f us | %.1f us\n", ways[way].name, truth, held, flushed,
			held, median(idle, 2000), median(flushing, samples), busy[500], busy[990]);
		fflush(stdout);
	}
	return 0;
}
