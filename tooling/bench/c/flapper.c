/*
 * The storm: sets interfaces up and down in turn, until its input ends; then prints how often.
 *
 *   flapper RATE other0 other1 ...
 *
 * RATE: changes a second at most; 0 for as fast as it can.
 */
#include <linux/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

int main(int count, char **words)
{
	int control = socket(AF_INET, SOCK_DGRAM, 0);
	struct pollfd input = { .fd = 0, .events = POLLIN };
	long changes = 0, rate = count > 1 ? atol(words[1]) : 0;
	struct timespec due;
	clock_gettime(CLOCK_MONOTONIC, &due);
	printf("ready\n");
	fflush(stdout);
	for (int up = 1; poll(&input, 1, 0) == 0; up = !up) {
		for (int at = 2; at < count; at++) {
			struct ifreq request = { 0 };
			strncpy(request.ifr_name, words[at], IFNAMSIZ - 1);
			if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
				return 2;
			request.ifr_flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
			if (ioctl(control, SIOCSIFFLAGS, &request) < 0)
				return 3;
			changes++;
		}
		if (rate > 0) {
			due.tv_nsec += 1000000000L / rate * (count - 2);
			due.tv_sec += due.tv_nsec / 1000000000L;
			due.tv_nsec %= 1000000000L;
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, 0);
		}
	}
	printf("%ld\n", changes);
	return 0;
}
