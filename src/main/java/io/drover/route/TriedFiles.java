package io.drover.route;

import io.drover.route.check.RouteFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** When a file that could not be loaded is tried again: when it has changed, and after a while as it stands. */
final class TriedFiles {

    /** What a file needs may come back, such as a database that its route opens when it starts. */
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofSeconds(30);

    private record Tried(long digest, long nanos) {}

    private final Map<String, Tried> tried = new HashMap<>();

    /** Whether it is to be tried now; if so, it counts as tried. */
    boolean isDue(RouteFile file) {
        Tried before = tried.get(file.id());
        long now = System.nanoTime();
        if (before != null && before.digest() == file.digest() && now - before.nanos() < TRIED_AGAIN_AFTER.toNanos()) {
            return false;
        }
        tried.put(file.id(), new Tried(file.digest(), now));
        return true;
    }

    /** It is due the next time that it is looked at. */
    void forget(RouteFile file) {
        tried.remove(file.id());
    }

    void retain(Set<String> ids) {
        tried.keySet().retainAll(ids);
    }
}
