/*
 * The storm: sets interfaces up and down in turn, as fast as it can, until its input ends; then prints how often.
 *
 *   flapper other0 other1 ...
 */
#include <linux/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int count, char **words)
{
	int control = socket(AF_INET, SOCK_DGRAM, 0);
	struct pollfd input = { .fd = 0, .events = POLLIN };
	long changes = 0;
	printf("ready\n");
	fflush(stdout);
	for (int up = 1; poll(&input, 1, 0) == 0; up = !up)
		for (int at = 1; at < count; at++) {
			struct ifreq request = { 0 };
			strncpy(request.ifr_name, words[at], IFNAMSIZ - 1);
			if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
				return 2;
			request.ifr_flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
			if (ioctl(control, SIOCSIFFLAGS, &request) < 0)
				return 3;
			changes++;
		}
	printf("%ld\n", changes);
	return 0;
}
