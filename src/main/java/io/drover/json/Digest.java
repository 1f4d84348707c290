package io.drover.json;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The SHA-256 of a sequence of texts. A zero byte ends each text, so two sequences that join to the same text differ.
 */
public final class Digest {

    private final MessageDigest sha256 = begin();

    /** A version 8 UUID (RFC 9562) of the first 122 bits of the digest of some texts. */
    public static UUID uuid(String... texts) {
        return uuid(of(texts));
    }

    /** The same of their HMAC-SHA-256 (RFC 2104): without the key no one can tell of which texts it is. */
    public static UUID uuid(byte[] key, String... texts) {
        ByteArrayOutputStream ended = new ByteArrayOutputStream();
        for (String text : texts) {
            ended.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            ended.write(0);
        }
        return uuid(hmac(key, ended.toByteArray()));
    }

    /** The HMAC-SHA-256 (RFC 2104) of bytes as they are, of several arrays after each other: nothing is between them. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static UUID uuid(byte[] digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        long high = bytes.getLong() & ~0xF000L | 0x8000L;
        long low = bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** The first 64 bits of the digest of some texts. */
    public static long bits(String... texts) {
        return ByteBuffer.wrap(of(texts)).getLong();
    }

    /** The SHA-256 of bytes as they are, in hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes));
    }

    /** The SHA-256 of bytes as they are, of several arrays after each other: nothing is between them. */
    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = begin();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /**
     * Binds a text without showing it: base64(SHA-256(salt || text)), as the database's function {@code audit_commitment}.
     * Without the salt no one can show which text it was.
     */
    public static String commitment(String salt, String text) {
        return Base64.getEncoder().encodeToString(sha256((salt + text).getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] of(String... texts) {
        Digest digest = new Digest();
        for (String text : texts) {
            digest.add(text);
        }
        return digest.sha256.digest();
    }

    /**
     * Adds a text.
     *
     * @return the length of the text in bytes
     */
    public int add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update(bytes);
        sha256.update((byte) 0);
        return bytes.length;
    }

    /** The digest of what was added so far, in hexadecimal digits; more can be added afterwards. */
    public String hex() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
