package io.drover;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that a test starts, stops and starts again. They lie below those that the kernel gives to connections and to
 * servers that ask for any port, so that no other takes one before its server listens, or while it is down.
 */
public final class FreePort {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST)); // tests run in several JVMs

    private FreePort() {}

    /** A port that nothing listens on, and that this JVM has not been given before. */
    public static int next() {
        while (true) {
            int port = NEXT.getAndUpdate(last -> last == HIGHEST ? LOWEST : last + 1);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
                return free.getLocalPort();
            } catch (IOException e) { // another listens there
                continue;
            }
        }
    }
}
