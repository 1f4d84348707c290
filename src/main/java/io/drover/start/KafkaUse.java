package io.drover.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out whether the route files use Kafka, without building them. */
final class KafkaUse {

    private static final Pattern KAFKA =
            Pattern.compile("(?m)^[ \\t-]*+(?:uri|to|toD|wireTap):\\s*[\"']?kafka(?::|[\"']?\\s*$)");
    private static final Pattern OWN_BROKERS = Pattern.compile("\\bbrokers\\s*[:=]");

    private KafkaUse() {}

    /** A file that uses Kafka and does not name brokers of its own, or null. */
    static @Nullable String firstFile(String directory) {
        Path routes = Path.of(directory);
        if (!Files.isDirectory(routes)) {
            return null;
        }
        try {
            return FilesBelow.seen(routes).entrySet().stream()
                    .filter(file -> file.getValue().isRegularFile())
                    .map(Map.Entry::getKey)
                    .filter(file -> file.getFileName().toString().endsWith(".camel.yaml"))
                    .filter(KafkaUse::usesKafka)
                    .map(Path::toString)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean usesKafka(Path file) {
        try {
            String text = Files.readString(file);
            return KAFKA.matcher(text).find() && !OWN_BROKERS.matcher(text).find();
        } catch (IOException e) {
            return false; // whoever loads the file says what is wrong with it
        }
    }
}
