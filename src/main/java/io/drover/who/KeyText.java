package io.drover.who;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The text of an API key: {@code drv_} and 256 random bits.
 * Its beginning lets scanners of repositories and logs find it.
 */
public final class KeyText {

    /** How a key begins. */
    public static final String PREFIX = "drv_";

    private static final int BYTES = 32;
    private static final Pattern KEY = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyText() {}

    /** A new key. */
    public static String random() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Whether a text is one, whether or not Drover made it. */
    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    /** Whether a text holds one. */
    public static boolean isIn(String text) {
        return text.contains(PREFIX) && KEY.matcher(text).find();
    }

    /** What is stored of a key. That many random bits need no slower hash. */
    public static byte[] digest(String key) {
        return Digest.sha256(key.getBytes(StandardCharsets.UTF_8));
    }
}
