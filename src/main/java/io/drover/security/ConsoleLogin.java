package io.drover.security;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

/**
 * The issuer's part of a login by redirect: OpenID Connect's authorization code with PKCE (RFC 7636), a state and a nonce.
 * The issuer is asked where its endpoints are when the first person logs in, so the process starts without it.
 */
@Component
@ConditionalOnWebApplication
class ConsoleLogin {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleLogin.class);

    /** How long an issuer that does not answer is left alone. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final OidcProperties properties;
    private final Clock clock;

    private final Lock asking = new ReentrantLock();
    private Instant askedAgain = Instant.MIN;
    private @Nullable RuntimeException failure;

    private volatile @Nullable LoginIssuer known;

    ConsoleLogin(OidcProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    boolean isConfigured() {
        return properties.login() != null;
    }

    /** Where a login begins. @throws UnknownNowException if the issuer is away */
    OAuth2AuthorizationRequest begin(HttpServletRequest request) {
        ClientRegistration registration = issuer().registration();
        DefaultOAuth2AuthorizationRequestResolver resolver = new DefaultOAuth2AuthorizationRequestResolver(
                id -> LoginIssuer.ID.equals(id) ? registration : null, LoginFilter.LOGIN);
        resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        return Objects.requireNonNull(resolver.resolve(request, LoginIssuer.ID), "the registration is there");
    }

    /** What has to be known when it ends. */
    static Map<String, String> kept(OAuth2AuthorizationRequest begun, String to) {
        return Map.of(
                OAuth2ParameterNames.STATE,
                begun.getState(),
                OidcParameterNames.NONCE,
                String.valueOf((Object) begun.getAttribute(OidcParameterNames.NONCE)),
                PkceParameterNames.CODE_VERIFIER,
                String.valueOf((Object) begun.getAttribute(PkceParameterNames.CODE_VERIFIER)),
                "to",
                to);
    }

    /**
     * The access token for a code.
     *
     * @throws AuthenticationException if the code, its state or the id token is not right
     * @throws UnknownNowException     if the issuer is away
     */
    String token(JsonNode begun, String code, String state) {
        LoginIssuer issuer = issuer();
        ClientRegistration registration = issuer.registration();
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(registration.getProviderDetails().getAuthorizationUri())
                .clientId(registration.getClientId())
                .redirectUri(registration.getRedirectUri())
                .scopes(registration.getScopes())
                .state(begun.path(OAuth2ParameterNames.STATE).asText())
                .attributes(attributes -> {
                    attributes.put(OAuth2ParameterNames.REGISTRATION_ID, LoginIssuer.ID);
                    for (String name : new String[] {OidcParameterNames.NONCE, PkceParameterNames.CODE_VERIFIER}) {
                        attributes.put(name, begun.path(name).asText());
                    }
                })
                .build();
        OAuth2AuthorizationResponse response = OAuth2AuthorizationResponse.success(code)
                .redirectUri(registration.getRedirectUri())
                .state(state)
                .build();
        OAuth2LoginAuthenticationToken login =
                new OAuth2LoginAuthenticationToken(registration, new OAuth2AuthorizationExchange(request, response));
        try {
            return ((OAuth2LoginAuthenticationToken)
                            Objects.requireNonNull(issuer.codes().authenticate(login)))
                    .getAccessToken()
                    .getTokenValue();
        } catch (OAuth2AuthenticationException e) {
            if (isAway(e)) {
                report(e);
                throw new UnknownNowException("the issuer", e);
            }
            throw new BadCredentialsException(
                    "the issuer or Drover refused the login (%s)"
                            .formatted(Excerpt.of(e.getError().getErrorCode(), 60)),
                    e);
        }
    }

    private static boolean isAway(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ResourceAccessException
                        || cause instanceof HttpServerErrorException
                        || cause instanceof HttpClientErrorException.TooManyRequests
                        || cause instanceof JwtException && !(cause instanceof BadJwtException));
    }

    /** Asked once, also where many ask: anybody can begin a login, and so have Drover ask an issuer that is away. */
    private LoginIssuer issuer() {
        LoginIssuer issuer = known;
        if (issuer != null) {
            return issuer;
        }
        asking.lock();
        try {
            issuer = known;
            if (issuer == null && failure != null && clock.instant().isBefore(askedAgain)) {
                throw new UnknownNowException("the issuer", failure);
            }
            return issuer == null ? discover() : issuer;
        } finally {
            asking.unlock();
        }
    }

    private LoginIssuer discover() {
        try {
            LoginIssuer issuer = LoginIssuer.discover(properties, clock);
            known = issuer;
            return issuer;
        } catch (RuntimeException e) {
            report(e);
            failure = e;
            askedAgain = clock.instant().plus(PAUSE);
            throw new UnknownNowException("the issuer", e);
        }
    }

    private static void report(Throwable e) {
        LOG.warn(
                "no one can log in to the console: {}",
                Excerpt.of(NestedExceptionUtils.getMostSpecificCause(e).toString()));
    }
}
