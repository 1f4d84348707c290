package io.drover.security;

import io.drover.json.Excerpt;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens (OpenID Connect, JWT) are accepted.
 *
 * @param issuer    as the claim {@code iss} names it; without it no token is accepted
 * @param audience  of which each token must be, as in its claim {@code aud}
 * @param jwkSetUri where its public keys are; by default its discovery document says that
 * @param userClaim the claim that names the user
 * @param claim     the claim whose values give roles; a dot leads into an object
 * @param grants    what a value gives; the first that the token has counts
 * @param login     how people log in to the console at the issuer; without it they do not
 */
@ConfigurationProperties("drover.security.oidc")
record OidcProperties(
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable String jwkSetUri,
        @DefaultValue("sub") String userClaim,
        @DefaultValue("groups") String claim,
        @DefaultValue List<Grant> grants,
        @Nullable Login login) {

    private static final String PREFIX = "drover.security.oidc.";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * What a value of the claim gives.
     *
     * @param value     of the claim
     * @param roles     as those of a user
     * @param workflows as those of a user
     */
    record Grant(@Nullable String value, @Nullable Set<String> roles, @Nullable Set<String> workflows) {}

    /**
     * A login by redirect.
     *
     * @param clientId     of Drover at the issuer
     * @param clientSecret of Drover at the issuer, or null for a public client, whom PKCE protects
     * @param url          where browsers find Drover, as in https://drover.example.com; the issuer sends them back there
     * @param scopes       for which the issuer is asked
     */
    record Login(
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String url,
            @DefaultValue("openid") Set<String> scopes) {

        /** No record's own text: a secret is not logged. */
        @Override
        public String toString() {
            return "Login[%s, %s, %s]".formatted(clientId, url, scopes);
        }
    }

    OidcProperties {
        grants = List.copyOf(grants);
        if (issuer == null || issuer.isBlank()) {
            if (audience != null || jwkSetUri != null || !grants.isEmpty() || login != null) {
                throw new IllegalArgumentException(
                        PREFIX + "issuer is missing, and the other settings have no effect without it; name the issuer,"
                                + " as in https://login.example.com/realms/acme");
            }
        } else {
            url(PREFIX + "issuer", issuer);
            if (audience == null || audience.isBlank()) {
                throw new IllegalArgumentException(PREFIX
                        + "audience is missing: a token that the issuer made for another program would be accepted;"
                        + " name the audience of Drover's tokens, as in drover");
            }
            if (jwkSetUri != null) {
                url(PREFIX + "jwk-set-uri", jwkSetUri);
            }
            if (grants.isEmpty()) {
                throw new IllegalArgumentException(PREFIX
                        + "grants is empty, so no token may do anything; set %sgrants[0].value and .roles"
                                .formatted(PREFIX));
            }
            if (login != null) {
                check(login);
            }
            for (int i = 0; i < grants.size(); i++) {
                check("%sgrants[%d]".formatted(PREFIX, i), grants.get(i));
            }
        }
    }

    boolean isConfigured() {
        return issuer != null && !issuer.isBlank();
    }

    /** In clear text anybody on the way could give other keys. */
    static boolean isProtected(URI url) {
        return url.getHost() != null
                && ("https".equals(url.getScheme())
                        || "http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost()));
    }

    private static void url(String setting, String text) {
        try {
            if (isProtected(URI.create(text))) {
                return;
            }
        } catch (IllegalArgumentException e) { // as below
        }
        throw new IllegalArgumentException(
                "%s (%s) must be an address that begins with https:// (http:// on this machine)"
                        .formatted(setting, Excerpt.of(text, 100)));
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static void check(Login login) {
        if (login.clientId() == null || login.clientId().isBlank() || login.url() == null) {
            throw new IllegalArgumentException(PREFIX
                    + "login needs client-id, which the issuer gave Drover, and url, where browsers find the console,"
                    + " as in https://drover.example.com");
        }
        if (login.clientSecret() != null && login.clientSecret().isBlank()) {
            throw new IllegalArgumentException(
                    PREFIX + "login.client-secret is empty; set the secret that the issuer gave Drover,"
                            + " or leave it out for a public client");
        }
        url(PREFIX + "login.url", login.url());
        if (!login.url().equals(origin(URI.create(login.url())))) {
            throw new IllegalArgumentException(
                    "%slogin.url (%s) must be a scheme and a host, with a port or without, and nothing after it"
                            .formatted(PREFIX, Excerpt.of(login.url(), 100)));
        }
        if (!login.scopes().contains("openid")) {
            throw new IllegalArgumentException(
                    "%slogin.scopes (%s) must contain openid, or the issuer sends no id token"
                            .formatted(PREFIX, login.scopes()));
        }
    }

    private static void check(String setting, Grant grant) {
        if (grant.value() == null || grant.value().isBlank()) {
            throw new IllegalArgumentException(setting + ".value must be a value of the claim that gives the roles");
        }
        if (grant.roles() == null
                || grant.roles().isEmpty()
                || grant.roles().stream().anyMatch(role -> Role.of(role).isEmpty())) {
            throw new IllegalArgumentException(
                    "%s.roles (%s) must be %s".formatted(setting, grant.roles(), ConfiguredUsers.ROLES));
        }
        if (grant.workflows() != null
                && (grant.workflows().isEmpty() || !grant.workflows().stream().allMatch(Workflows::isGlob))) {
            throw new IllegalArgumentException(
                    "%s.workflows (%s) must name workflows, in which * stands for any characters, as in billing-*"
                            .formatted(setting, grant.workflows()));
        }
    }
}
