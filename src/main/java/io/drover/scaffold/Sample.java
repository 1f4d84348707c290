package io.drover.scaffold;

import io.drover.route.check.EditorSchema;
import io.drover.route.check.RouteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A kind of file, of which there is a sample with comments. */
public enum Sample {
    TOOL("tools", RouteFile.SUFFIX),
    WORKFLOW("workflows", RouteFile.SUFFIX),
    TRIGGER("triggers", RouteFile.SUFFIX),
    /** A workflow whose one step is an agent. */
    AGENT("workflows", RouteFile.SUFFIX),
    /** Cases of a workflow, whose name it has. */
    TEST("workflows", EditorSchema.TEST_SUFFIX);

    private final String folder;
    private final String suffix;

    Sample(String folder, String suffix) {
        this.folder = folder;
        this.suffix = suffix;
    }

    boolean isRoute() {
        return this != TEST;
    }

    /** @param names what stands for the words in capitals of the sample; each has passed the rule for names */
    NewFile file(String name, Map<String, String> names) {
        String text = text();
        for (Map.Entry<String, String> word : names.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return new NewFile("%s/%s%s".formatted(folder, name, suffix), text);
    }

    private String text() {
        String resource = name().toLowerCase(Locale.ROOT) + suffix;
        try (InputStream in = Sample.class.getResourceAsStream(resource)) {
            byte[] bytes = Objects.requireNonNull(in, "the sample %s is part of the jar".formatted(resource))
                    .readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
