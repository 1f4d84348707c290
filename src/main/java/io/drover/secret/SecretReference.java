package io.drover.secret;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a secret in routes, endpoints, headers and settings of a running process.
 *
 * <p>It names the secret and is signed with a key that this process made for itself (HMAC-SHA-256, RFC 2104, cut to
 * 128 bits). Data from outside cannot make one, and another process does not know it. It consists of letters, digits,
 * {@code .}, {@code _} and {@code -}, so no URI or header changes it.
 */
public final class SecretReference {

    /** The name of the function in <code>{{secret:name}}</code>. */
    public static final String FUNCTION = "secret";

    /** What a text must contain to hold a reference. */
    static final String PREFIX = "drover-secret-";

    private static final String NAME_PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final Pattern NAME = Pattern.compile(NAME_PART);
    private static final Pattern WRITTEN = Pattern.compile("\\{\\{\\s*" + FUNCTION + ":([^{}]*)}}");
    private static final Pattern REFERENCE = Pattern.compile(PREFIX + "(" + NAME_PART + "?)-([0-9a-f]{32})");
    private static final byte[] KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    private SecretReference() {}

    /**
     * The reference to a secret.
     *
     * @throws IllegalArgumentException when the text is not a name of a secret
     */
    public static String of(String name) {
        String bare = name.strip();
        if (!isName(bare)) {
            throw new IllegalArgumentException(
                    "'%s' is not the name of a secret; write {{secret:<name>}} with 1 to 100 letters, digits, '.', '_' and '-', beginning with a letter or digit, and no default"
                            .formatted(bare.length() > 100 ? bare.substring(0, 100) + "…" : bare));
        }
        return PREFIX + bare + "-" + seal(bare);
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** What is wrong with a name, as it is written, or null. */
    public static @Nullable String problem(String name) {
        return isName(name)
                ? null
                : "'%s' is not the name of a secret: 1 to 100 letters, digits, '.', '_' and '-', beginning with a letter or digit; a secret has no default"
                        .formatted(name);
    }

    /**
     * The text with a reference in the place of each <code>{{secret:name}}</code>.
     *
     * @throws IllegalArgumentException when one of them has no right name
     */
    public static String in(String text) {
        return text.contains("{{") ? WRITTEN.matcher(text).replaceAll(found -> of(found.group(1))) : text;
    }

    /** Whether a text holds <code>{{secret:...}}</code>. */
    public static boolean isWrittenIn(String text) {
        return text.contains("{{") && WRITTEN.matcher(text).find();
    }

    /** The names in all <code>{{secret:...}}</code> of a text, as they are written. */
    public static Iterable<String> namesIn(String text) {
        return () -> WRITTEN.matcher(text)
                .results()
                .map(found -> found.group(1).strip())
                .iterator();
    }

    /** Whether a text holds a reference that this process made. */
    public static boolean isIn(String text) {
        if (!text.contains(PREFIX)) {
            return false;
        }
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            if (seal(reference.group(1)).equals(reference.group(2))) {
                return true;
            }
        }
        return false;
    }

    /** What takes the place of a name. */
    @FunctionalInterface
    interface Values {
        String of(String name) throws MissingSecretException;
    }

    /** The text with each reference of this process replaced; what only looks like one stays. */
    static String replaced(String text, Values values) throws MissingSecretException {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder replaced = new StringBuilder();
        while (reference.find()) {
            String name = reference.group(1);
            boolean ours = seal(name).equals(reference.group(2));
            reference.appendReplacement(replaced, Matcher.quoteReplacement(ours ? values.of(name) : reference.group()));
        }
        return reference.appendTail(replaced).toString();
    }

    private static String seal(String name) {
        return HexFormat.of().formatHex(Digest.hmac(KEY, name.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }
}
