package io.drover.security;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Lines in which logins wait for each other: those of one client are in the same line. */
final class LoginLines {

    static final int COUNT = 64;

    private final List<Lock> lines =
            Stream.generate(() -> (Lock) new ReentrantLock()).limit(COUNT).toList();

    Lock of(String client) {
        return lines.get(Math.floorMod(client.hashCode(), COUNT));
    }
}
