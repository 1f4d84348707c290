package io.drover.security;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a request, as its headers say it.
 *
 * @param at     the time that was signed, or null for none
 * @param prefix what was signed before the body
 * @param macs   any of them may be right: a sender signs with two secrets while it changes them
 */
record Signature(@Nullable Instant at, String prefix, List<byte[]> macs) {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");
    private static final int MOST = 4;

    static @Nullable Signature undated(String header, String scheme) {
        return header.startsWith(scheme) ? of(null, "", header.substring(scheme.length())) : null;
    }

    /** @param hex the signatures, separated by spaces */
    static @Nullable Signature dated(String time, String prefix, String hex) {
        return SECONDS.matcher(time).matches() ? of(Instant.ofEpochSecond(Long.parseLong(time)), prefix, hex) : null;
    }

    private static @Nullable Signature of(@Nullable Instant at, String prefix, String hex) {
        String[] macs = hex.split(" ");
        return macs.length <= MOST && Arrays.stream(macs).allMatch(HEX.asMatchPredicate())
                ? new Signature(
                        at,
                        prefix,
                        Arrays.stream(macs).map(HexFormat.of()::parseHex).toList())
                : null;
    }

    /** Whether it is that of a body. It takes the same time whatever is wrong. */
    boolean isOf(byte[] body, List<byte[]> secrets) {
        boolean right = false;
        for (byte[] secret : secrets) {
            byte[] expected = Digest.hmac(secret, prefix.getBytes(StandardCharsets.UTF_8), body);
            for (byte[] mac : macs) {
                right |= MessageDigest.isEqual(expected, mac);
            }
        }
        return right;
    }
}
