package io.drover.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text with signatures (<a href="https://c2sp.org/signed-note">C2SP signed-note</a>). One without any is not a signed note,
 * and is what a log without a key publishes.
 *
 * @param text what is signed; ends with a line feed
 */
record SignedNote(String text, List<Signature> signatures) {

    private static final String DASH = "— ";

    /**
     * A signature.
     *
     * @param name  of the key
     * @param id    the first four bytes of a digest of the key
     * @param bytes of the signature itself
     */
    record Signature(String name, byte[] id, byte[] bytes) {

        String line() {
            byte[] all = Arrays.copyOf(id, id.length + bytes.length);
            System.arraycopy(bytes, 0, all, id.length, bytes.length);
            return DASH + name + " " + Base64.getEncoder().encodeToString(all) + "\n";
        }
    }

    String render() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }

    /**
     * Reads {@link #render}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static SignedNote parse(String note) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n")) {
            throw new IllegalArgumentException("a note is a text, an empty line, and signatures");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(end + 2).lines().toList()) {
            String[] parts = line.split(" ", -1);
            if (!line.startsWith(DASH) || parts.length != 3) {
                throw new IllegalArgumentException("a signature is a line of a dash, a name and base64");
            }
            byte[] bytes = Base64.getDecoder().decode(parts[2].getBytes(StandardCharsets.ISO_8859_1));
            if (bytes.length < 5) {
                throw new IllegalArgumentException("a signature has at least five bytes");
            }
            signatures.add(
                    new Signature(parts[1], Arrays.copyOf(bytes, 4), Arrays.copyOfRange(bytes, 4, bytes.length)));
        }
        return new SignedNote(note.substring(0, end + 1), List.copyOf(signatures));
    }
}
