package io.drover.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
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

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int MAX_NAME = 200;

    private final int otherwise;
    private final String nameOtherwise;
    private final @Nullable Path file;
    private final Duration every;
    private volatile int percent;
    private volatile @Nullable String trial;
    private volatile long readAt;

    /**
     * @param otherwise where no file is named, or it is not there
     * @param trial     the name of the trial, where there is no file {@code trial} beside it; empty for none
     */
    CanaryShare(int otherwise, String file, String trial) {
        this(otherwise, file, trial, EVERY);
    }

    CanaryShare(int otherwise, String file, String trial, Duration every) {
        this.otherwise = otherwise;
        this.nameOtherwise = trial;
        this.trial = named(trial, "drover.canary.trial");
        this.file = file.isBlank() ? null : Path.of(file);
        this.every = every;
        this.percent = otherwise;
        if (this.file != null) {
            read(this.file);
        }
    }

    int percent() {
        refresh();
        return percent;
    }

    /** By which name the image is judged; null where it is not. */
    @Nullable
    String trial() {
        refresh();
        return trial;
    }

    private void refresh() {
        Path source = file;
        if (source != null && System.nanoTime() - readAt > every.toNanos()) {
            read(source);
        }
    }

    private static @Nullable String named(String text, Object source) {
        String name = text.strip();
        if (name.isEmpty() || NAME.matcher(name).matches()) {
            return name.isEmpty() ? null : name;
        }
        LOG.warn(
                "the name of the image on trial ({}) must be 1 to 100 letters, digits, '.', '_' and '-', as in 0.2.0; it is not judged",
                source);
        return null;
    }

    private void readTrial(Path source) {
        String before = trial;
        try {
            trial = Files.size(source) > MAX_NAME ? named("?", source) : named(Files.readString(source), source);
        } catch (NoSuchFileException e) {
            trial = named(nameOtherwise, "drover.canary.trial");
        } catch (IOException e) {
            trial = before;
        }
    }

    /** What is no percentage changes nothing: the share stays as it was. */
    private synchronized void read(Path source) {
        readAt = System.nanoTime();
        readTrial(source.resolveSibling("trial"));
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
