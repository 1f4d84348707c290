package io.drover;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of its own, and a certificate for {@code localhost} that it signed, made by the JDK's keytool. */
public final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final KeyStore store;

    /** @param directory where the files are made */
    public Certificates(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            keytool("-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
            keytool("-alias", "server", "-dname", "CN=server", "-ext", "san=dns:localhost", "-signer", "authority");
            store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file("store.p12"))) {
                store.load(in, PASSWORD.toCharArray());
            }
            Files.writeString(
                    authority(),
                    pem("CERTIFICATE", store.getCertificate("authority").getEncoded()));
            Files.writeString(
                    chain(),
                    Arrays.stream(store.getCertificateChain("server"))
                            .map(Certificates::pem)
                            .collect(Collectors.joining()));
            Files.createFile(key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    key(),
                    pem(
                            "PRIVATE KEY",
                            store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate of the authority, as PEM. */
    public Path authority() {
        return file("authority.pem");
    }

    /** The certificate for {@code localhost}, and that of the authority, as PEM. */
    public Path chain() {
        return file("server.pem");
    }

    /** The private key, as PEM, which only its owner may read. */
    public Path key() {
        return file("server.key");
    }

    /** For a client that trusts this authority, and no other. */
    public SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", store.getCertificate("authority"));
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static String pem(Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    }

    private void keytool(String... what) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file("store.p12").toString(),
                                "-storepass",
                                PASSWORD),
                        Stream.of(what))
                .toList();
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
