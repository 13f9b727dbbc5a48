/*
 * A NetBSD network stack as a C library: the calls of NetBSD's libc, by the names they have there, answered by the
 * rump kernel that this library is linked with. What loads it gets interfaces of its own that nobody else sees.
 *
 * No header of the host's is used where it would define one of these names in another way.
 */
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

/* The system calls of the rump kernel. They leave NetBSD's errno in the host's. */
int rump___sysimpl_socket30(int, int, int);
int rump___sysimpl_bind(int, const void *, unsigned);
int rump___sysimpl_setsockopt(int, int, int, const void *, unsigned);
int rump___sysimpl_getsockopt(int, int, int, void *, unsigned *);
intptr_t rump___sysimpl_sendto(int, const void *, size_t, int, const void *, unsigned);
intptr_t rump___sysimpl_recvfrom(int, void *, size_t, int, void *, unsigned *);
int rump___sysimpl_ioctl(int, unsigned long, void *);
int rump___sysimpl_close(int);
int rump___sysimpl_dup2(int, int);
int rump___sysimpl_fcntl(int, int, void *);
int rump___sysimpl___sysctl(const int *, unsigned, void *, size_t *, const void *, size_t);
struct rump_pollfd {
	int fd;
	short events;
	short revents;
};
int rump___sysimpl_poll(struct rump_pollfd *, unsigned, int);

/* The rump kernel itself, and two functions inside it. */
int rump_init(void);
void rump_schedule(void);
void rump_unschedule(void);
void rump_boot_setsigmodel(int);
void *rumpns_ifunit(const char *);
void rumpns_if_link_state_change(void *, int);

/* The host. */
int *__errno_location(void);
int pthread_create(unsigned long *, const void *, void *(*)(void *), void *);
int pthread_detach(unsigned long);
int socketpair(int, int, int, int[2]);
intptr_t write(int, const void *, size_t);
intptr_t read(int, void *, size_t);
void *calloc(size_t, size_t);
void free(void *);
void *dlsym(void *, const char *);

/* The host's close(2), which this library's own hides. */
static int
host_close(int fd)
{
	int (*call)(int) = (int (*)(int))dlsym((void *)-1l /* RTLD_NEXT */, "close");
	return call(fd);
}

static __attribute__((constructor)) void
boot(void)
{
	rump_boot_setsigmodel(1); /* RUMP_SIGMODEL_IGNORE: a signal of that kernel means nothing to this process */
	if (rump_init() != 0)
		__builtin_trap();
}

EXPORT int
__socket30(int domain, int type, int protocol)
{
	return rump___sysimpl_socket30(domain, type, protocol);
}

EXPORT int
bind(int fd, const void *address, unsigned length)
{
	return rump___sysimpl_bind(fd, address, length);
}

EXPORT int
setsockopt(int fd, int level, int option, const void *value, unsigned length)
{
	return rump___sysimpl_setsockopt(fd, level, option, value, length);
}

EXPORT int
getsockopt(int fd, int level, int option, void *value, unsigned *length)
{
	return rump___sysimpl_getsockopt(fd, level, option, value, length);
}

EXPORT intptr_t
sendto(int fd, const void *bytes, size_t length, int flags, const void *to, unsigned tolength)
{
	return rump___sysimpl_sendto(fd, bytes, length, flags, to, tolength);
}

EXPORT intptr_t
recvfrom(int fd, void *into, size_t length, int flags, void *from, unsigned *fromlength)
{
	return rump___sysimpl_recvfrom(fd, into, length, flags, from, fromlength);
}

EXPORT int
close(int fd)
{
	return rump___sysimpl_close(fd);
}

EXPORT int
dup2(int from, int to)
{
	return rump___sysimpl_dup2(from, to);
}

EXPORT int
fcntl(int fd, int command, intptr_t argument)
{
	return rump___sysimpl_fcntl(fd, command, (void *)argument);
}

EXPORT int
sysctl(const int *name, unsigned count, void *old, size_t *oldlength, const void *new, size_t newlength)
{
	return rump___sysimpl___sysctl(name, count, old, oldlength, new, newlength);
}

/*
 * Two requests that no kernel knows, for what a test does to the world and what a host's event loop needs.
 */
#define STACK_LINK_STATE 0xfffffff1ul /* { char name[16]; int32_t state; } */
#define STACK_READINESS 0xfffffff2ul /* { int32_t fd; } the host's descriptor that tells when this one is readable */

struct watched {
	int fd;	  /* the rump kernel's */
	int host; /* our end of a pair of the host's */
};

/* Says "readable" once, waits to be told that it was drained, and asks again. Ends when the other end is closed. */
static void *
watch(void *argument)
{
	struct watched *watched = argument;
	char byte = 0;
	for (;;) {
		struct rump_pollfd poll = { watched->fd, 1 /* POLLIN */, 0 };
		if (rump___sysimpl_poll(&poll, 1, -1) < 0 || (poll.revents & 0x20 /* POLLNVAL */) != 0)
			break;
		if (write(watched->host, &byte, 1) != 1 || read(watched->host, &byte, 1) != 1)
			break;
	}
	host_close(watched->host);
	free(watched);
	return NULL;
}

static int
readiness(int fd)
{
	int pair[2];
	unsigned long thread;
	struct watched *watched = calloc(1, sizeof *watched);
	if (watched == NULL || socketpair(1 /* AF_UNIX */, 1 /* SOCK_STREAM */, 0, pair) != 0)
		return -1;
	watched->fd = fd;
	watched->host = pair[1];
	if (pthread_create(&thread, NULL, watch, watched) != 0) {
		host_close(pair[0]);
		host_close(pair[1]);
		free(watched);
		return -1;
	}
	pthread_detach(thread);
	return pair[0];
}

EXPORT int
ioctl(int fd, unsigned long request, void *argument)
{
	if (request == STACK_LINK_STATE) {
		void *interface;
		rump_schedule();
		interface = rumpns_ifunit(argument);
		if (interface != NULL)
			rumpns_if_link_state_change(interface, *(int32_t *)((char *)argument + 16));
		rump_unschedule();
		*__errno_location() = 6; /* ENXIO */
		return interface == NULL ? -1 : 0;
	}
	if (request == STACK_READINESS)
		return readiness(fd);
	return rump___sysimpl_ioctl(fd, request, argument);
}
