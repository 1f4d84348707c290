package io.drover.journal;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the content of a task's calls becomes their addresses: by a digest that anyone can make, or, where encryption was on
 * when the task was submitted, by one with a key of the task. Then no one who reads the database can confirm a guess of
 * arguments. A task keeps its own for ever, so a later attempt finds its calls.
 */
public final class Addresses {

    /** Without a key. */
    public static final Addresses PLAIN = new Addresses(null);

    private final byte @Nullable [] key;

    private Addresses(byte @Nullable [] key) {
        this.key = key;
    }

    /** @param key of the task, or null for {@link #PLAIN} */
    static Addresses with(@Nullable String key) {
        return key == null ? PLAIN : new Addresses(key.getBytes(StandardCharsets.UTF_8));
    }

    /** What these texts are known by in this task. */
    public UUID of(String... texts) {
        return key == null ? Digest.uuid(texts) : Digest.uuid(key, texts);
    }
}
