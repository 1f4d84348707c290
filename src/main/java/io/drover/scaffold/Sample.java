package io.drover.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A kind of route file, of which there is a sample with comments. */
public enum Sample {
    TOOL("tools"),
    WORKFLOW("workflows"),
    TRIGGER("triggers"),
    /** A workflow whose one step is an agent. */
    AGENT("workflows");

    private final String folder;

    Sample(String folder) {
        this.folder = folder;
    }

    /** @param names what stands for the words in capitals of the sample; each has passed the rule for names */
    NewFile file(String name, Map<String, String> names) {
        String text = text();
        for (Map.Entry<String, String> word : names.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return new NewFile("%s/%s.camel.yaml".formatted(folder, name), text);
    }

    private String text() {
        String resource = name().toLowerCase(Locale.ROOT) + ".camel.yaml";
        try (InputStream in = Sample.class.getResourceAsStream(resource)) {
            byte[] bytes = Objects.requireNonNull(in, "the sample %s is part of the jar".formatted(resource))
                    .readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
