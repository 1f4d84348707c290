package io.drover.journal;

/**
 * An effect that only one call may have.
 *
 * @param scope within which the key names one effect: {@code task:<id>}, {@code workflow:<name>} or {@code all}
 * @param name  the namespace of the key
 * @param tool  that was wanted; its fallback has the effect in its name
 */
public record Effect(String scope, String name, String key, String tool) {

    /** For people. */
    @Override
    public String toString() {
        return "%s '%s' (scope %s)".formatted(name, key, scope);
    }
}
