/**
 * A real Kafka broker of a single node in a child process, for the demo, the benchmarks and the
 * tests.
 *
 * <p>{@link io.millrace.broker.EmbeddedBroker} starts it, waits until it answers, and ends it. The
 * child runs {@link io.millrace.broker.BrokerMain} on a class path of its own, because the broker's
 * libraries are not those of a Kafka client; the build puts their jars beside this module, and
 * {@code millrace.broker.lib} names another place.
 *
 * <p>A directory comes in: log, configuration and output of the broker lie there, and stay when it
 * is closed. What leaves is an address for clients, on a port of the loopback interface.
 *
 * <p>Guarantees: the child ends when its parent does, however the parent ends, as it watches its
 * standard input. Records survive {@code kill} and {@code restart}, and the address stays the same.
 * A broker that does not come up is an exception with the end of its output. Topics are not created
 * by being asked for.
 *
 * <p>It is not meant for production: one node, one replica, no security.
 *
 * <p>Thread-safe.
 *
 * <p>Begin with {@link io.millrace.broker.EmbeddedBroker}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.broker;
