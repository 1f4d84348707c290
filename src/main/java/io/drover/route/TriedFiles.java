package io.drover.route;

import io.drover.route.check.RouteFile;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * When a file that could not be loaded is tried again: when it has changed, and after a while as it stands.
 * A try that stops what runs costs answers, so the pause after it doubles, up to an hour, unless another file changes.
 */
final class TriedFiles {

    /** What a file needs may come back, such as a database that its route opens when it starts. */
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofSeconds(30);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private record Tried(long digest, long nanos, Duration pause) {}

    private final LongSupplier nanos;
    private final Map<String, Tried> tried = new HashMap<>();
    private Set<Long> digests = Set.of();

    TriedFiles(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The files as they are on disk now. Each change of one may mend another. */
    void seen(Collection<RouteFile> files) {
        Set<Long> now = files.stream().map(RouteFile::digest).collect(Collectors.toSet());
        if (!now.equals(digests)) {
            digests = now;
            tried.clear();
        }
    }

    /** Whether it is to be tried now; if so, it counts as tried. */
    boolean isDue(RouteFile file) {
        Tried last = tried.get(file.id());
        Tried before = last != null && last.digest() == file.digest() ? last : null;
        long now = nanos.getAsLong();
        if (before != null && now - before.nanos() < before.pause().toNanos()) {
            return false;
        }
        tried.put(file.id(), new Tried(file.digest(), now, before == null ? TRIED_AGAIN_AFTER : before.pause()));
        return true;
    }

    /** The try that has just failed stopped what runs: the next one comes later. */
    void disturbed(RouteFile file) {
        tried.computeIfPresent(file.id(), (id, last) -> {
            Duration pause = last.pause().multipliedBy(2);
            return new Tried(last.digest(), last.nanos(), pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        });
    }

    /** It is due the next time that it is looked at. */
    void forget(RouteFile file) {
        tried.remove(file.id());
    }
}
