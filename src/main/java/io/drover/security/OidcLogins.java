package io.drover.security;

import io.drover.who.Role;
import io.drover.who.Workflows;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;

/**
 * Knows the tokens of an OpenID Connect issuer.
 * The issuer's keys are read when the first token comes, so the process starts without the issuer.
 */
@Component
@ConditionalOnWebApplication
class OidcLogins {

    /** Each has a public key: with a shared secret, a process that checks a token could make one. */
    static final Set<SignatureAlgorithm> ALGORITHMS =
            Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.PS256, SignatureAlgorithm.ES256);

    private static final int LONGEST_NAME = 200;

    private final OidcProperties properties;
    private final ConfiguredUsers users;
    private final @Nullable JwtDecoder tokens;

    OidcLogins(OidcProperties properties, ConfiguredUsers users, Clock clock) {
        this.properties = properties;
        this.users = users;
        this.tokens = properties.isConfigured() ? new SupplierJwtDecoder(() -> decoder(properties, clock)) : null;
    }

    private static JwtDecoder decoder(OidcProperties properties, Clock clock) {
        String issuer = Objects.requireNonNull(properties.issuer());
        NimbusJwtDecoder.JwkSetUriJwtDecoderBuilder builder = properties.jwkSetUri() == null
                ? NimbusJwtDecoder.withIssuerLocation(issuer)
                : NimbusJwtDecoder.withJwkSetUri(properties.jwkSetUri());
        NimbusJwtDecoder decoder = builder.restOperations(IssuerHttp.template())
                .jwsAlgorithms(algorithms -> algorithms.addAll(ALGORITHMS))
                .validateType(false) // as below
                .build();
        decoder.setJwtValidator(rules(issuer, Objects.requireNonNull(properties.audience()), clock));
        return decoder;
    }

    private static OAuth2TokenValidator<Jwt> rules(String issuer, String audience, Clock clock) {
        JwtTimestampValidator time = new JwtTimestampValidator();
        time.setClock(clock);
        JwtTypeValidator type = new JwtTypeValidator(List.of("JWT", "at+jwt")); // RFC 9068 names access tokens so
        type.setAllowEmpty(true);
        return new DelegatingOAuth2TokenValidator<>(List.of(
                time,
                type,
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<Object>("exp", Objects::nonNull), // one that never ends could not be taken back
                new JwtClaimValidator<Collection<String>>(
                        "aud", audiences -> audiences != null && audiences.contains(audience))));
    }

    /** The caller of a token, or null if no issuer is configured. @throws UnknownNowException if its keys are not there */
    @Nullable
    Authentication check(String token) {
        if (tokens == null) {
            return null;
        }
        Jwt jwt;
        try {
            jwt = tokens.decode(token);
        } catch (BadJwtException e) {
            throw new BadCredentialsException("the token is refused", e);
        } catch (JwtException | JwtDecoderInitializationException e) {
            throw new UnknownNowException("the issuer of the token", e);
        }
        return new JwtAuthenticationToken(jwt, authorities(jwt), name(jwt));
    }

    /** No one becomes a user of the configuration, a key or a hook by a name that the issuer's users choose. */
    private String name(Jwt jwt) {
        Object name = jwt.getClaims().get(properties.userClaim());
        if (!(name instanceof String text)
                || text.isBlank()
                || text.length() > LONGEST_NAME
                || text.contains(":")
                || text.chars().anyMatch(Character::isISOControl)
                || users.isUser(text)) {
            throw new BadCredentialsException("the claim %s of the token is missing, or cannot be a user's name"
                    .formatted(properties.userClaim()));
        }
        return text;
    }

    private Collection<GrantedAuthority> authorities(Jwt jwt) {
        Set<String> values = values(jwt.getClaims(), properties.claim());
        Optional<OidcProperties.Grant> grant = properties.grants().stream()
                .filter(one -> values.contains(String.valueOf(one.value())))
                .findFirst();
        return grant.map(OidcLogins::authorities).orElse(List.of());
    }

    private static Collection<GrantedAuthority> authorities(OidcProperties.Grant grant) {
        Set<String> roles = Objects.requireNonNull(grant.roles());
        return Actors.authorities(
                roles.stream().flatMap(role -> Role.of(role).stream()).toList(),
                Workflows.of(grant.workflows() == null ? Set.of() : grant.workflows()));
    }

    /** The values of a claim: a list, a text of words as in {@code scope}, or a member of an object by a dot. */
    private static Set<String> values(Map<String, Object> claims, String claim) {
        Object value = claims.get(claim);
        int dot = claim.indexOf('.');
        if (value == null && dot > 0 && claims.get(claim.substring(0, dot)) instanceof Map<?, ?> inner) {
            value = inner.get(claim.substring(dot + 1));
        }
        return switch (value) {
            case Collection<?> list -> list.stream().map(String::valueOf).collect(Collectors.toSet());
            case String text -> Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toSet());
            case null, default -> Set.of();
        };
    }
}
