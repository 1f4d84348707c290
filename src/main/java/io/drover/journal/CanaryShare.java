package io.drover.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The percentage of the tasks that the canary gets. It may stand in a file, such as a mounted ConfigMap, which is read again every
 * few seconds: a share that grows or ends must not restart the fleet that serves.
 */
final class CanaryShare {

    private static final Logger LOG = LoggerFactory.getLogger(CanaryShare.class);
    private static final int MAX_CHARACTERS = 20;
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final int otherwise;
    private final @Nullable Path file;
    private final Duration every;
    private volatile int percent;
    private volatile long readAt;

    CanaryShare(int otherwise, String file) {
        this(otherwise, file, EVERY);
    }

    /** @param otherwise where no file is named, or it is not there */
    CanaryShare(int otherwise, String file, Duration every) {
        this.otherwise = otherwise;
        this.file = file.isBlank() ? null : Path.of(file);
        this.every = every;
        this.percent = otherwise;
        if (this.file != null) {
            read(this.file);
        }
    }

    int percent() {
        Path source = file;
        if (source != null && System.nanoTime() - readAt > every.toNanos()) {
            read(source);
        }
        return percent;
    }

    /** What is no percentage changes nothing: the share stays as it was. */
    private synchronized void read(Path source) {
        readAt = System.nanoTime();
        int before = percent;
        int now;
        try {
            now = Files.size(source) > MAX_CHARACTERS
                    ? -1
                    : Integer.parseInt(Files.readString(source).strip());
        } catch (NoSuchFileException e) {
            now = otherwise;
        } catch (IOException | NumberFormatException e) {
            now = -1;
        }
        if (now < 0 || now > 100) {
            LOG.warn(
                    "drover.canary.file ({}) must hold a whole number from 0 to 100, as in 5; the share stays {} %",
                    source, before);
        } else if (now != before) {
            percent = now;
            LOG.info("The canary gets {} % of the tasks; it had {} %", now, before);
        }
    }
}
