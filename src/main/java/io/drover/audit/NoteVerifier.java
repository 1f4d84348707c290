package io.drover.audit;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a key that signs notes, as C2SP signed-note writes it: {@code name+id+base64}.
 *
 * @param name of the key
 * @param id   the first four bytes of the digest of name and key
 * @param raw  the 32 bytes of the Ed25519 key
 */
record NoteVerifier(String name, byte[] id, byte[] raw) {

    /** Of a public key of Ed25519 (RFC 8032). */
    static final int KEY_BYTES = 32;

    private static final byte ED25519 = 1;

    /** The DER of a SubjectPublicKeyInfo up to the key (RFC 8410). */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    NoteVerifier(String name, byte[] raw) {
        this(name, id(name, raw), raw);
    }

    private static byte[] id(String name, byte[] raw) {
        return Arrays.copyOf(
                Digest.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {ED25519}, raw), 4);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static NoteVerifier parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        byte[] key = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
        if (parts.length == 3 && key.length == KEY_BYTES + 1 && key[0] == ED25519 && !parts[0].isEmpty()) {
            NoteVerifier verifier = new NoteVerifier(parts[0], Arrays.copyOfRange(key, 1, key.length));
            if (HexFormat.of().formatHex(verifier.id).equals(parts[1])) {
                return verifier;
            }
        }
        throw new IllegalArgumentException(
                "a key is written as name+id+base64, as the log of a process that signs has it");
    }

    String text() {
        byte[] key = new byte[raw.length + 1];
        key[0] = ED25519;
        System.arraycopy(raw, 0, key, 1, raw.length);
        return name + "+" + HexFormat.of().formatHex(id) + "+"
                + Base64.getEncoder().encodeToString(key);
    }

    /** Whether the note has a signature by this key, and all such signatures are right. */
    boolean verifies(SignedNote note) {
        boolean found = false;
        for (SignedNote.Signature signature : note.signatures()) {
            if (signature.name().equals(name) && Arrays.equals(signature.id(), id)) {
                if (!verifies(note.text(), signature.bytes())) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    private boolean verifies(String text, byte[] bytes) {
        try {
            byte[] der = Arrays.copyOf(SPKI, SPKI.length + raw.length);
            System.arraycopy(raw, 0, der, SPKI.length, raw.length);
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text.getBytes(StandardCharsets.UTF_8));
            return check.verify(bytes);
        } catch (GeneralSecurityException e) { // as a signature of another length
            return false;
        }
    }
}
