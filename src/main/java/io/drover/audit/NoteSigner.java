package io.drover.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A private key that signs notes. */
final class NoteSigner {

    private static final String HOW = "; `openssl genpkey -algorithm ed25519 -out audit-key.pem` makes one";
    private static final int MOST_BYTES = 10_000;

    private final PrivateKey key;
    private final NoteVerifier verifier;

    private NoteSigner(PrivateKey key, NoteVerifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /**
     * Reads a key.
     *
     * @param name of the key in signatures
     * @param file an Ed25519 key in PEM (PKCS #8, RFC 8410)
     * @throws IllegalArgumentException where it holds none
     */
    static NoteSigner read(String name, Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException("%s is too long for a key in PEM".formatted(file) + HOW);
            }
            String pem = Files.readString(file);
            String base64 =
                    pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
            NoteSigner signer = new NoteSigner(key, new NoteVerifier(name, publicKey((EdECPrivateKey) key)));
            if (!signer.verifier.verifies(signer.sign("test\n"))) {
                throw new IllegalStateException("this Java platform derives another public key");
            }
            return signer;
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be read (%s)".formatted(file, e) + HOW, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) { // whose message may hold parts of the key
            throw new IllegalArgumentException("%s holds no Ed25519 key in PEM (PKCS #8)".formatted(file) + HOW);
        }
    }

    /** The JDK derives a public key only where it makes the private one, from the bytes that its source of randomness gives. */
    private static byte[] publicKey(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] seed = key.getBytes().orElseThrow(() -> new GeneralSecurityException("a key without bytes"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        byte[] der = generator.generateKeyPair().getPublic().getEncoded();
        return Arrays.copyOfRange(der, der.length - NoteVerifier.KEY_BYTES, der.length);
    }

    NoteVerifier verifier() {
        return verifier;
    }

    SignedNote sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return new SignedNote(
                    text, List.of(new SignedNote.Signature(verifier.name(), verifier.id(), signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was read as one of Ed25519", e);
        }
    }
}
