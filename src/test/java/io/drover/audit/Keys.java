package io.drover.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Keys for tests. */
public final class Keys {

    private Keys() {}

    /** Writes a key as openssl does, unless the file is there. */
    public static Path write(Path file) throws IOException, GeneralSecurityException {
        if (!Files.exists(file)) {
            byte[] der = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            Files.writeString(
                    file,
                    "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                            .formatted(Base64.getEncoder().encodeToString(der)));
        }
        return file;
    }
}
