/*
 * The starting pistol: runs a command and takes the time from its start to the moment the kernel tells that an
 * interface was set down, then ends it. Without an interface: the time until it has ended by itself.
 *
 *   launch carp0 command ...     launch - command ...
 *
 * Prints microseconds, or "ended" where the command ended before it had set the interface down.
 */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

unsigned int if_nametoindex(const char *);

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int set_down(int fd, int index)
{
	static char buffer[65536];
	ssize_t length = recv(fd, buffer, sizeof buffer, 0);
	for (struct nlmsghdr *header = (struct nlmsghdr *)buffer; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		struct ifinfomsg *info = NLMSG_DATA(header);
		if (header->nlmsg_type == RTM_NEWLINK && info->ifi_index == index && !(info->ifi_flags & IFF_UP))
			return 1;
	}
	return 0;
}

int main(int count, char **words)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (count < 3 || fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return 1;
	int index = (int)if_nametoindex(words[1]);
	double began = now(), seen = 0;
	pid_t child = fork();
	if (child == 0) {
		int nowhere = open("/dev/null", O_RDWR);
		dup2(nowhere, 0);
		dup2(nowhere, 1);
		dup2(nowhere, 2);
		execvp(words[2], words + 2);
		_exit(127);
	}
	struct pollfd wait[2] = { { (int)syscall(SYS_pidfd_open, child, 0), POLLIN, 0 }, { fd, POLLIN, 0 } };
	while (seen == 0 && wait[0].revents == 0) {
		poll(wait, index == 0 ? 1 : 2, -1);
		if (index == 0 ? wait[0].revents : wait[1].revents && set_down(fd, index))
			seen = now();
	}
	kill(child, SIGKILL);
	waitpid(child, 0, 0);
	if (seen == 0)
		printf("ended\n");
	else
		printf("%.1f\n", seen - began);
	return 0;
}
