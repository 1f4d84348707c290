package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Tokens of a real issuer are let in at every entrance, and no forged, expired or foreign ones. */
class OidcTest extends ApiTestBase {

    private static final TestIssuer ISSUER = new TestIssuer(); // it ends with the tests' process, as its context does
    private static final String INITIALIZE =
            """
            {"jsonrpc": "2.0", "id": 1, "method": "initialize",
             "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
            """;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("drover.security.oidc.issuer", ISSUER::url);
        registry.add("drover.security.oidc.audience", () -> TestIssuer.AUDIENCE);
        registry.add("drover.security.oidc.claim", () -> "realm.groups");
        registry.add("drover.security.oidc.grants[0].value", () -> "ops");
        registry.add("drover.security.oidc.grants[0].roles", () -> "operator");
        registry.add("drover.security.oidc.grants[1].value", () -> "greeters");
        registry.add("drover.security.oidc.grants[1].roles", () -> "operator,approver");
        registry.add("drover.security.oidc.grants[1].workflows", () -> "gre*");
        registry.add("drover.security.oidc.grants[2].value", () -> "lookers");
        registry.add("drover.security.oidc.grants[2].roles", () -> "viewer");
    }

    @Test
    void aTokenIsLetInAtEveryEntrance() {
        ApiClient ops = client(ISSUER.token("olga", "ops"));

        Answer submitted = ops.post("/api/tasks/anything", "{}");
        assertThat(submitted.status()).as(submitted.body()).isEqualTo(202);
        assertThat(ops.get(submitted.header("Location"))
                        .json()
                        .path("submittedBy")
                        .asText())
                .isEqualTo("olga");
        assertThat(ops.post("/mcp", INITIALIZE, "Accept", "application/json, text/event-stream")
                        .status())
                .isEqualTo(200);
        assertThat(ops.post("/jolokia", "{\"type\":\"version\"}").status()).isEqualTo(200);
        assertThat(ops.get("/hawtio/user").status()).isEqualTo(200);
        assertThat(ops.get("/console/tasks").status()).isEqualTo(200);
        assertThat(operator().get("/api/queue").status()).as("users stay").isEqualTo(200);
    }

    @Test
    void theFirstGrantThatFitsCounts() {
        ApiClient looker = client(ISSUER.token("lou", "lookers"));
        assertThat(looker.get("/api/queue").status()).isEqualTo(200);
        assertThat(looker.post("/api/tasks/anything", "{}").status()).isEqualTo(403);

        ApiClient greeter = client(ISSUER.token("gert", "greeters"));
        assertThat(greeter.post("/api/tasks/greet", "{\"name\":\"Ada\"}").status())
                .isEqualTo(202);
        assertThat(greeter.post("/api/tasks/anything", "{}").status()).isEqualTo(403);
        ApiClient both = client(ISSUER.token(
                "bo", "x", claims -> claims.claim("realm", Map.of("groups", List.of("lookers", "greeters")))));
        assertThat(both.get("/api/queue").status())
                .as("a limited grant and a wide one are not added up")
                .isEqualTo(403);

        for (Object groups : List.of("ops lookers", List.of("nobody"), 5, Map.of("ops", true))) {
            ApiClient other =
                    client(ISSUER.token("ned", "x", claims -> claims.claim("realm", Map.of("groups", groups))));
            assertThat(other.get("/api/queue").status())
                    .as(groups.toString())
                    .isEqualTo(groups instanceof String ? 200 : 403);
        }
        ApiClient none = client(ISSUER.token("ned", "x", claims -> claims.claim("realm", null)));
        assertThat(none.get("/api/queue").status()).isEqualTo(403);
    }

    @Test
    void whatTheIssuerDidNotMakeForDroverIsRefused() throws Exception {
        Map<String, String> tokens = new TreeMap<>();
        Date past = Date.from(Instant.now().minusSeconds(120));
        put(tokens, "expired", claims -> claims.expirationTime(past));
        put(
                tokens,
                "not yet",
                claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600))));
        put(tokens, "no end", claims -> claims.expirationTime(null));
        put(tokens, "no audience", claims -> claims.audience((String) null));
        put(tokens, "another audience", claims -> claims.audience("drovers"));
        put(tokens, "another issuer", claims -> claims.issuer("https://login.example.com"));
        put(tokens, "no user", claims -> claims.subject(null));
        put(tokens, "a user of the configuration", claims -> claims.subject("ada"));
        put(tokens, "a key's name", claims -> claims.subject("key:billing"));
        JWTClaimsSet claims = ISSUER.claims("olga", "ops", c -> {});
        tokens.put("another key", TestIssuer.signed(claims, TestIssuer.newKey(), JOSEObjectType.JWT));
        tokens.put(
                "another key under the issuer's id",
                TestIssuer.signed(
                        claims,
                        new com.nimbusds.jose.jwk.RSAKey.Builder(TestIssuer.newKey())
                                .keyID(ISSUER.key().getKeyID())
                                .build(),
                        JOSEObjectType.JWT));
        tokens.put("another type", TestIssuer.signed(claims, ISSUER.key(), new JOSEObjectType("logout+jwt")));
        tokens.put("alg none", new PlainJWT(claims).serialize());
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(ISSUER.key().getKeyID())
                        .build(),
                claims);
        hmac.sign(new MACSigner(ISSUER.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        tokens.put("signed with the public key as a secret", hmac.serialize());
        String[] parts = ISSUER.token("vera", "lookers").split("\\.");
        String more =
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("lookers", "ops");
        tokens.put(
                "changed",
                parts[0] + "."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(more.getBytes(StandardCharsets.UTF_8))
                        + "." + parts[2]);
        tokens.put("without its signature", parts[0] + "." + parts[1] + ".");

        tokens.forEach((what, token) -> {
            Answer answer = client(token).get("/api/queue");
            assertThat(answer.status()).as(what + " " + answer.body()).isEqualTo(401);
            assertThat(answer.body()).as(what).doesNotContain("Exception", "nimbus", token);
        });
        assertThat(tokens).hasSize(16);
        assertThat(client(TestIssuer.signed(claims, ISSUER.key(), new JOSEObjectType("at+jwt")))
                        .get("/api/queue")
                        .status())
                .isEqualTo(200);
    }

    /** CVE-2026-41707: a proof of possession would be taken twice, so none is taken (RFC 9449). */
    @Test
    void aTokenWithAProofIsNotTaken() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        Map<String, String> bound = Map.of("jkt", key.computeThumbprint().toString());
        String token = ISSUER.token("olga", "ops", claims -> claims.claim("cnf", bound));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
        HttpRequest.Builder request = client(token).request("/api/queue");
        SignedJWT proof = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(key.toPublicJWK())
                        .build(),
                new JWTClaimsSet.Builder()
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(new Date())
                        .claim("htm", "GET")
                        .claim("htu", request.copy().build().uri().toString())
                        .claim("ath", Base64.getUrlEncoder().withoutPadding().encodeToString(digest))
                        .build());
        proof.sign(new ECDSASigner(key));

        Answer answer = client(token)
                .send(request.GET().setHeader("Authorization", "DPoP " + token).header("DPoP", proof.serialize()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    }

    private static void put(Map<String, String> tokens, String what, Consumer<JWTClaimsSet.Builder> change) {
        tokens.put(what, ISSUER.token("olga", "ops", change));
    }

    @Test
    void aNewKeyOfTheIssuerCounts() {
        assertThat(client(ISSUER.token("olga", "ops")).get("/api/queue").status())
                .isEqualTo(200);
        String before = ISSUER.token("olga", "ops");
        ISSUER.rotate();

        assertThat(client(ISSUER.token("olga", "ops")).get("/api/queue").status())
                .isEqualTo(200);
        assertThat(client(before).get("/api/queue").status()).isEqualTo(200);
    }

    @Test
    void aKeyAndATokenAreToldApart() {
        String name = "both-" + UUID.randomUUID();
        String key = new ApiClient(port(), "kay", "secret")
                .post("/api/keys", "{\"name\":\"%s\",\"roles\":[\"viewer\"],\"for\":\"1h\"}".formatted(name))
                .json()
                .path("key")
                .asText();

        assertThat(client(key).get("/api/queue").status()).isEqualTo(200);
    }

    private ApiClient client(String token) {
        return ApiClient.withToken(port(), token);
    }
}
