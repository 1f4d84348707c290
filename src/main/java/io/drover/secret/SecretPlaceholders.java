package io.drover.secret;

/**
 * When <code>{{secret:name}}</code> is read: while files are loaded, and never of what comes with a message. Camel also
 * resolves placeholders in URIs that a step computes, where data could name a secret.
 */
public final class SecretPlaceholders {

    private static final ThreadLocal<Boolean> LOADING = ThreadLocal.withInitial(() -> false);

    private SecretPlaceholders() {}

    /** Loads files on this thread. */
    public static void loading(Runnable files) {
        boolean before = LOADING.get();
        LOADING.set(true);
        try {
            files.run();
        } finally {
            LOADING.set(before);
        }
    }

    /**
     * What takes the place of a placeholder.
     *
     * @param name as it is written
     * @throws IllegalArgumentException when it is no name, or no file is loaded now
     */
    public static String reference(String name) {
        if (!LOADING.get()) {
            throw new IllegalArgumentException(
                    "{{secret:...}} came with a message, or in a text that a step computed; only a route file names a secret");
        }
        return SecretReference.of(name);
    }
}
