package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.security.OidcProperties.Grant;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An issuer is configured wholly, or not at all. */
@Quick
class OidcPropertiesTest {

    private static final String ISSUER = "https://login.example.com";
    private static final Grant OPS = new Grant("ops", Set.of("operator"), null);

    private static OidcProperties oidc(@Nullable String issuer, @Nullable String audience, Grant... grants) {
        return new OidcProperties(issuer, audience, null, "sub", "groups", List.of(grants), null);
    }

    @Test
    void needsAnAudienceAndGrants() {
        assertThat(oidc(null, null).isConfigured()).isFalse();
        assertThat(oidc(ISSUER, "drover", OPS).isConfigured()).isTrue();
        assertThatThrownBy(() -> oidc(ISSUER, null, OPS))
                .hasMessageContaining("drover.security.oidc.audience is missing");
        assertThatThrownBy(() -> oidc(ISSUER, " ", OPS))
                .hasMessageContaining("drover.security.oidc.audience is missing");
        assertThatThrownBy(() -> oidc(ISSUER, "drover")).hasMessageContaining("drover.security.oidc.grants is empty");
        assertThatThrownBy(() -> oidc(null, "drover")).hasMessageContaining("drover.security.oidc.issuer is missing");
    }

    @ParameterizedTest
    @CsvSource({"http://login.example.com", "login.example.com", "ftp://x", "https:///x", "https://a b"})
    void isReachedSafely(String issuer) {
        assertThatThrownBy(() -> oidc(issuer, "drover", OPS))
                .hasMessageContaining("must be an address that begins with https://");
        assertThatThrownBy(() -> new OidcProperties(ISSUER, "drover", issuer, "sub", "groups", List.of(OPS), null))
                .hasMessageContaining("drover.security.oidc.jwk-set-uri");
    }

    @Test
    void aLoginNeedsAClientAndAnAddress() {
        for (OidcProperties.Login login : List.of(
                new OidcProperties.Login(null, null, "https://drover.example.com", Set.of("openid")),
                new OidcProperties.Login("drover", null, null, Set.of("openid")),
                new OidcProperties.Login("drover", null, "https://drover.example.com/", Set.of("openid")),
                new OidcProperties.Login("drover", null, "http://drover.example.com", Set.of("openid")),
                new OidcProperties.Login("drover", null, "https://drover.example.com/at", Set.of("openid")),
                new OidcProperties.Login("drover", null, "https://ada@drover.example.com", Set.of("openid")),
                new OidcProperties.Login("drover", null, "https://drover.example.com?at", Set.of("openid")),
                new OidcProperties.Login("drover", " ", "https://drover.example.com", Set.of("openid")),
                new OidcProperties.Login("drover", null, "https://drover.example.com", Set.of("email")))) {
            assertThatThrownBy(() -> new OidcProperties(ISSUER, "drover", null, "sub", "groups", List.of(OPS), login))
                    .as("%s", login.url())
                    .hasMessageContaining("drover.security.oidc.login");
        }
    }

    @Test
    void aSecretIsInNoText() {
        OidcProperties.Login login =
                new OidcProperties.Login("drover", "s3cr3t", "https://drover.example.com:8443", Set.of("openid"));
        assertThat(new OidcProperties(ISSUER, "drover", null, "sub", "groups", List.of(OPS), login).toString())
                .contains("https://drover.example.com:8443")
                .doesNotContain("s3cr3t");
    }

    @Test
    void aGrantNamesAValueRolesAndWorkflows() {
        assertThatThrownBy(() -> oidc(ISSUER, "drover", OPS, new Grant(null, Set.of("operator"), null)))
                .hasMessageContaining("drover.security.oidc.grants[1].value");
        assertThatThrownBy(() -> oidc(ISSUER, "drover", new Grant("x", Set.of("root"), null)))
                .hasMessageContaining("drover.security.oidc.grants[0].roles ([root]) must be operator");
        assertThatThrownBy(() -> oidc(ISSUER, "drover", new Grant("x", Set.of("viewer"), Set.of("a.b"))))
                .hasMessageContaining("drover.security.oidc.grants[0].workflows");
    }

    /** Nobody is refused for good while the issuer is away. */
    @Test
    void anIssuerThatIsAwayMakesNoWrongToken() {
        OidcProperties away = oidc("http://127.0.0.1:1", "drover", OPS);
        OidcLogins logins =
                new OidcLogins(away, new ConfiguredUsers(new SecurityProperties(List.of())), Clock.systemUTC());

        assertThatThrownBy(() -> logins.check("eyJhbGciOiJSUzI1NiJ9.e30.AAAA"))
                .isInstanceOf(UnknownNowException.class)
                .hasMessageContaining("the issuer of the token does not answer");
    }
}
