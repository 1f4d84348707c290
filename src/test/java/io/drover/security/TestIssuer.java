package io.drover.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A server that makes tokens and publishes its keys, as OpenID Connect says it. */
final class TestIssuer implements AutoCloseable {

    static final String AUDIENCE = "drover";

    private final HttpServer server;
    private final List<RSAKey> keys = new CopyOnWriteArrayList<>();

    TestIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keys.add(newKey());
        server.createContext(
                "/.well-known/openid-configuration",
                request -> answer(request, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(url(), url())));
        server.createContext(
                "/keys",
                request -> answer(
                        request,
                        new JWKSet(new ArrayList<>(keys)).toPublicJWKSet().toString()));
        server.start();
    }

    private static void answer(HttpExchange request, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "application/json");
        request.sendResponseHeaders(200, bytes.length);
        request.getResponseBody().write(bytes);
        request.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key that signs now. */
    RSAKey key() {
        return keys.getLast();
    }

    /** From now on another key signs; the one before is still published. */
    void rotate() {
        keys.add(newKey());
    }

    /** A token of a group, changed before it is signed. */
    String token(String user, String group, Consumer<JWTClaimsSet.Builder> change) {
        return signed(claims(user, group, change), key(), JOSEObjectType.JWT);
    }

    String token(String user, String group) {
        return token(user, group, claims -> {});
    }

    JWTClaimsSet claims(String user, String group, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(url())
                .subject(user)
                .audience(List.of("other", AUDIENCE))
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("realm", java.util.Map.of("groups", List.of("everybody", group)));
        change.accept(claims);
        return claims.build();
    }

    static String signed(JWTClaimsSet claims, RSAKey key, JOSEObjectType type) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .type(type)
                            .build(),
                    claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
