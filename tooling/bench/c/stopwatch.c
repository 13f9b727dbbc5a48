/*
 * The stopwatch: cuts or repairs a cable and takes the time until the kernel says that the destination has followed.
 * In C, with a thread that does nothing but look, so that it sees to the microsecond and disturbs all candidates alike.
 *
 *   stopwatch veth em0-x carp0     the far end of a veth is set down and up
 *   stopwatch tap  em0   carp0     a tap, made here, loses and gets its carrier
 *
 * Reads lines: "down" or "up"; answers with microseconds, or "late" after five seconds.
 */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int control, tap = -1;
static const char *far, *destination;
static atomic_int looking; /* 0 rest, 1 until down, 2 until up, 3 found, 4 late */
static atomic_llong began, found;

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int flags(const char *name, struct ifreq *request)
{
	memset(request, 0, sizeof *request);
	strncpy(request->ifr_name, name, IFNAMSIZ - 1);
	return ioctl(control, SIOCGIFFLAGS, request);
}

static void set(const char *name, int up)
{
	struct ifreq request;
	if (flags(name, &request) < 0)
		exit(2);
	request.ifr_flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
	if (ioctl(control, SIOCSIFFLAGS, &request) < 0)
		exit(3);
}

static void *look(void *nothing)
{
	struct ifreq request;
	for (;;) {
		int what = atomic_load(&looking);
		if (what != 1 && what != 2) {
			struct timespec nap = { 0, 50000 };
			nanosleep(&nap, 0);
			continue;
		}
		flags(destination, &request);
		if (!!(request.ifr_flags & IFF_UP) == (what == 2)) {
			atomic_store(&found, now());
			atomic_store(&looking, 3);
		} else if (now() - atomic_load(&began) > 5000000000LL)
			atomic_store(&looking, 4);
	}
	return nothing;
}

int main(int count, char **words)
{
	pthread_t thread;
	char line[16];
	if (count != 4)
		return 1;
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	far = words[2];
	destination = words[3];
	if (!strcmp(words[1], "tap")) {
		struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
		strncpy(request.ifr_name, far, IFNAMSIZ - 1);
		tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
		if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
			return 4;
		set(far, 1);
	}
	pthread_create(&thread, 0, look, 0);
	setvbuf(stdout, 0, _IOLBF, 0);
	printf("ready\n");
	while (fgets(line, sizeof line, stdin)) {
		int up = line[0] == 'u';
		int carrier = up;
		struct timespec nap = { 0, 20000 };
		atomic_store(&began, now());
		atomic_store(&looking, up ? 2 : 1);
		if (tap >= 0) {
			if (ioctl(tap, TUNSETCARRIER, &carrier) < 0)
				return 5;
		} else
			set(far, up);
		while (atomic_load(&looking) < 3)
			nanosleep(&nap, 0);
		if (atomic_load(&looking) == 4)
			printf("late\n");
		else
			printf("%.1f\n", (double)(atomic_load(&found) - atomic_load(&began)) / 1000);
		atomic_store(&looking, 0);
	}
	return 0;
}
