package io.drover.model;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the address and the name of a model tell about its provider. */
final class Dialect {

    /** The name of the member that limits an answer. */
    enum OutputField {
        /** By address and name; a server that refuses one is sent the other. */
        AUTO,
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS;

        String member() {
            return name().toLowerCase(Locale.ROOT);
        }

        OutputField other() {
            return this == MAX_TOKENS ? MAX_COMPLETION_TOKENS : MAX_TOKENS;
        }
    }

    /** OpenAI's models that think, also behind a gateway. */
    private static final Pattern THINKING =
            Pattern.compile("(?:.*/)?(?:o\\d|gpt-[5-9]|codex-|computer-use)(?:[-.:@].*|)");

    private static final Pattern OPENAI = Pattern.compile("(?:.*/)?(?:o\\d|gpt-\\d|chatgpt-|codex-).*");

    private Dialect() {}

    static OutputField outputField(ModelSettings settings) {
        if (settings.maxOutputTokensField() != OutputField.AUTO) {
            return settings.maxOutputTokensField();
        }
        String host = host(settings);
        boolean newer = host.equals("api.openai.com")
                || host.endsWith(".azure.com")
                || host.equals("api.groq.com")
                || THINKING.matcher(settings.model()).matches();
        return newer ? OutputField.MAX_COMPLETION_TOKENS : OutputField.MAX_TOKENS;
    }

    /** OpenAI takes no {@code anyOf}, {@code allOf} and the like at the root of a tool's schema. */
    static boolean wantsPlainRoot(ModelSettings settings) {
        String host = host(settings);
        return host.equals("api.openai.com")
                || host.endsWith(".azure.com")
                || OPENAI.matcher(settings.model()).matches();
    }

    private static String host(ModelSettings settings) {
        String host = URI.create(settings.url()).getHost();
        return host == null ? "" : host.toLowerCase(Locale.ROOT);
    }
}
