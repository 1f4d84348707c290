package io.drover.security;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.converter.ClaimTypeConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;

/**
 * What is known of the issuer, and of Drover as its client, when people log in.
 *
 * @param registration its endpoints, and who Drover is there
 * @param codes        gives tokens for codes, once they are checked
 */
record LoginIssuer(ClientRegistration registration, OidcAuthorizationCodeAuthenticationProvider codes) {

    static final String ID = "console";

    private static final ParameterizedTypeReference<Map<String, Object>> DISCOVERY =
            new ParameterizedTypeReference<>() {};

    /** Spring's own would wait for the issuer without an end. */
    private static final RestClient HTTP = RestClient.builder()
            .requestFactory(IssuerHttp.REQUESTS)
            .requestInterceptor(new IssuerHttp())
            .messageConverters(converters -> converters.addAll(
                    0, List.of(new FormHttpMessageConverter(), new OAuth2AccessTokenResponseHttpMessageConverter())))
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build();

    /** Asks the issuer. @throws RuntimeException if it does not answer, or not as it should */
    static LoginIssuer discover(OidcProperties properties, Clock clock) {
        ClientRegistration registration = registration(properties, Objects.requireNonNull(properties.login()));
        return new LoginIssuer(registration, codes(registration, clock));
    }

    /** By its discovery document (OpenID Connect Discovery 1.0, 4), which has to name the issuer itself (4.3). */
    private static ClientRegistration registration(OidcProperties properties, OidcProperties.Login login) {
        String issuer = String.valueOf(properties.issuer());
        Map<String, Object> discovery = Objects.requireNonNull(HTTP.get()
                .uri(URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration"))
                .retrieve()
                .body(DISCOVERY));
        if (!issuer.equals(discovery.get("issuer"))) {
            throw new IllegalArgumentException("the discovery document of %s names another issuer".formatted(issuer));
        }
        ClientRegistration.Builder registration = ClientRegistrations.fromOidcConfiguration(discovery)
                .registrationId(ID)
                .clientId(login.clientId())
                .clientSecret(login.clientSecret())
                .redirectUri(login.url() + LoginFilter.DONE)
                .scope(login.scopes());
        if (login.clientSecret() == null) { // with one, it is sent as the document says
            registration.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        }
        if (properties.jwkSetUri() != null) {
            registration.jwkSetUri(properties.jwkSetUri());
        }
        ClientRegistration built = registration.build();
        if (!OidcProperties.isProtected(URI.create(built.getProviderDetails().getAuthorizationUri()))) {
            throw new IllegalArgumentException("people would log in without TLS, at %s"
                    .formatted(built.getProviderDetails().getAuthorizationUri()));
        }
        return built;
    }

    private static OidcAuthorizationCodeAuthenticationProvider codes(ClientRegistration registration, Clock clock) {
        RestClientAuthorizationCodeTokenResponseClient client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(HTTP);
        OidcAuthorizationCodeAuthenticationProvider codes = new OidcAuthorizationCodeAuthenticationProvider(
                client,
                // What somebody may do stands in the access token, so nothing is asked at the issuer's user info.
                request -> new DefaultOidcUser(AuthorityUtils.NO_AUTHORITIES, request.getIdToken()));
        JwtDecoder idTokens = idTokens(registration, clock);
        codes.setJwtDecoderFactory(same -> idTokens);
        return codes;
    }

    private static JwtDecoder idTokens(ClientRegistration registration, Clock clock) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(
                        registration.getProviderDetails().getJwkSetUri())
                .restOperations(IssuerHttp.template())
                .jwsAlgorithms(algorithms -> algorithms.addAll(OidcLogins.ALGORITHMS))
                .build();
        JwtTimestampValidator time = new JwtTimestampValidator();
        time.setClock(clock);
        OidcIdTokenValidator rules = new OidcIdTokenValidator(registration); // issuer, audience, azp, iat, exp
        rules.setClock(clock);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(time, rules));
        decoder.setClaimSetConverter(
                new ClaimTypeConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
        return decoder;
    }
}
