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
 */
@ConfigurationProperties("drover.security.oidc")
record OidcProperties(
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable String jwkSetUri,
        @DefaultValue("sub") String userClaim,
        @DefaultValue("groups") String claim,
        @DefaultValue List<Grant> grants) {

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

    OidcProperties {
        grants = List.copyOf(grants);
        if (issuer == null || issuer.isBlank()) {
            if (audience != null || jwkSetUri != null || !grants.isEmpty()) {
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
            for (int i = 0; i < grants.size(); i++) {
                check("%sgrants[%d]".formatted(PREFIX, i), grants.get(i));
            }
        }
    }

    boolean isConfigured() {
        return issuer != null && !issuer.isBlank();
    }

    /** In clear text anybody on the way could give other keys. */
    private static void url(String setting, String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null
                    && ("https".equals(url.getScheme())
                            || "http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost()))) {
                return;
            }
        } catch (IllegalArgumentException e) { // as below
        }
        throw new IllegalArgumentException(
                "%s (%s) must be an address that begins with https:// (http:// on this machine)"
                        .formatted(setting, Excerpt.of(text, 100)));
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
