package io.drover.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters.Variant;
import com.google.crypto.tink.subtle.Hkdf;
import io.drover.json.Digest;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The keys of a keyset of Tink. The primary key seals, each enabled key opens. */
final class Keyset {

    private static final String PROPERTY = "drover.encryption.keyset";
    private static final String HOW =
            "; make one with `tinkey create-keyset --key-template AES256_GCM --out-format json`, see docs/encryption.md";
    private static final int KEY_BYTES = 32;

    /** A keyset holds a few keys; each takes some 300 bytes. */
    private static final long MOST_BYTES = 1 << 20;

    private final Aead aead;
    private final String primary;

    /** For digests, by the id of the key from which each is derived. */
    private final Map<String, byte[]> digestKeys;

    private Keyset(Aead aead, String primary, Map<String, byte[]> digestKeys) {
        this.aead = aead;
        this.primary = primary;
        this.digestKeys = digestKeys;
    }

    /** @throws RefusedToStartException where the file is not there, others may read it, or it holds no such keyset */
    static Keyset read(Path file) {
        checkIsSecret(file);
        String json;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw refused(file, "is longer than %d bytes".formatted(MOST_BYTES) + HOW);
            }
            json = Files.readString(file);
        } catch (IOException e) {
            throw refused(file, "cannot be read (%s)".formatted(e) + HOW);
        }
        try {
            AeadConfig.register();
            return of(TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get()), file);
        } catch (GeneralSecurityException | RuntimeException e) { // whose message may hold parts of a key
            if (e instanceof RefusedToStartException refusal) {
                throw refusal;
            }
            throw refused(file, "holds no keyset of Tink in JSON that is not sealed itself" + HOW);
        }
    }

    private static Keyset of(KeysetHandle handle, Path file) throws GeneralSecurityException {
        Map<String, byte[]> digestKeys = new TreeMap<>();
        for (int i = 0; i < handle.size(); i++) {
            KeysetHandle.Entry entry = handle.getAt(i);
            String id = Integer.toUnsignedString(entry.getId());
            if (!(entry.getKey() instanceof AesGcmKey key)
                    || key.getParameters().getKeySizeBytes() != KEY_BYTES
                    || key.getParameters().getVariant() != Variant.TINK) {
                throw refused(file, "holds key %s, which is none of the kind AES256_GCM".formatted(id) + HOW);
            }
            if (entry.getStatus() == KeyStatus.ENABLED) {
                digestKeys.put(
                        id,
                        Hkdf.computeHkdf(
                                "HMACSHA256",
                                key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()),
                                new byte[0],
                                "drover digests".getBytes(StandardCharsets.UTF_8),
                                KEY_BYTES));
            }
        }
        return new Keyset(
                handle.getPrimitive(RegistryConfiguration.get(), Aead.class),
                Integer.toUnsignedString(handle.getPrimary().getId()),
                digestKeys);
    }

    private static void checkIsSecret(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            // a Secret of Kubernetes belongs to root, and a process that is not root reads it as a member of its
            // fsGroup
            boolean own = Files.getOwner(file).getName().equals(System.getProperty("user.name"));
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || own && permissions.contains(PosixFilePermission.GROUP_READ)) {
                throw refused(
                        file,
                        "may be read by others than its owner, so its keys are no secret; run `chmod 400`, or set defaultMode: 0400");
            }
        } catch (IOException e) {
            throw refused(file, "cannot be read (%s)".formatted(e) + HOW);
        } catch (UnsupportedOperationException e) {
            return; // this file system knows no such permissions
        }
    }

    private static RefusedToStartException refused(Path file, String why) {
        return new RefusedToStartException("%s (%s) %s.".formatted(PROPERTY, file, why));
    }

    /** The id of the key that seals. */
    String primary() {
        return primary;
    }

    boolean has(String key) {
        return digestKeys.containsKey(key);
    }

    /** The ids of the keys that open. */
    Set<String> keys() {
        return digestKeys.keySet();
    }

    byte[] encrypt(byte[] plain, byte[] context) {
        try {
            return aead.encrypt(plain, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM cannot encrypt", e);
        }
    }

    /** @throws GeneralSecurityException where it was changed, or belongs to another context */
    byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
        return aead.decrypt(sealed, context);
    }

    /** A digest by which no one without the key can confirm a guess. @param key the id of one of the keys */
    String digest(String key, String text) {
        byte[] digestKey = digestKeys.get(key);
        if (digestKey == null) {
            throw new IllegalArgumentException("there is no key " + key);
        }
        return HexFormat.of().formatHex(Digest.hmac(digestKey, text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }
}
