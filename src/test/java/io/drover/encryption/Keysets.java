package io.drover.encryption;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

/** Files with keysets, made for a test. */
public final class Keysets {

    private Keysets() {}

    /** A file with one new key. */
    public static Path create(Path directory) {
        return create(directory, PredefinedAeadParameters.AES256_GCM);
    }

    /** The same of another kind. */
    public static Path create(Path directory, Parameters kind) {
        try {
            AeadConfig.register();
            return write(directory, KeysetHandle.generateNew(kind));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file with the keys of another one and a new key, which is the primary. */
    public static Path rotate(Path directory, Path before) {
        try {
            KeysetHandle handle =
                    TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(before), InsecureSecretKeyAccess.get());
            KeysetHandle.Builder builder = KeysetHandle.newBuilder();
            for (int i = 0; i < handle.size(); i++) {
                builder.addEntry(KeysetHandle.importKey(handle.getAt(i).getKey())
                        .withFixedId(handle.getAt(i).getId()));
            }
            return write(
                    directory,
                    builder.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                                    .withRandomId()
                                    .makePrimary())
                            .build());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(Path directory, KeysetHandle handle) throws GeneralSecurityException {
        try {
            Path file = Files.createTempFile(directory, "keyset", ".json");
            Files.writeString(file, TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get()));
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
