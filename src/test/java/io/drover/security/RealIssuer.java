package io.drover.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * Spring Authorization Server, an issuer of OpenID Connect, on a port of its own.
 * The groups of a user are the user's roles there; all passwords are {@code secret}.
 */
final class RealIssuer implements AutoCloseable {

    static final String CLIENT = "drover-console";
    /** A user whose tokens have just ended when they come. */
    static final String LATE = "lars";

    static final String CLIENT_SECRET = "what-only-drover-and-the-issuer-know";

    private final AnnotationConfigServletWebServerApplicationContext context =
            new AnnotationConfigServletWebServerApplicationContext();

    /** @param redirectUri to which a login returns */
    RealIssuer(String redirectUri) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("issuer", Map.of("issuer.redirect-uri", redirectUri)));
        context.register(Server.class);
        context.refresh();
    }

    String url() {
        return "http://127.0.0.1:" + context.getWebServer().getPort();
    }

    @Override
    public void close() {
        context.close();
    }

    /** Not marked as a configuration, which Drover in this JVM would find. */
    @EnableWebSecurity
    @EnableWebMvc
    static class Server {

        @Bean
        TomcatServletWebServerFactory web() throws Exception {
            TomcatServletWebServerFactory web = new TomcatServletWebServerFactory(0);
            web.setAddress(InetAddress.getByName("127.0.0.1"));
            return web;
        }

        @Bean
        ServletRegistrationBean<DispatcherServlet> servlet(
                org.springframework.web.context.WebApplicationContext context) {
            return new ServletRegistrationBean<>(new DispatcherServlet(context), "/");
        }

        @Bean
        @Order(1)
        SecurityFilterChain protocol(HttpSecurity http) throws Exception {
            OAuth2AuthorizationServerConfigurer server = OAuth2AuthorizationServerConfigurer.authorizationServer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(server, one -> one.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .exceptionHandling(
                            login -> login.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain people(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        InMemoryUserDetailsManager users() {
            String[] many = IntStream.range(0, 300)
                    .mapToObj(n -> "a-long-name-of-a-group-" + n)
                    .toArray(String[]::new);
            return new InMemoryUserDetailsManager(
                    user("olga", "ops"),
                    user("vera", "lookers"),
                    user("ada", "ops"),
                    user("nora", "others"),
                    user("mona", many),
                    user(LATE, "ops"));
        }

        private static UserDetails user(String name, String... roles) {
            return User.withUsername(name).password("{noop}secret").roles(roles).build();
        }

        @Bean
        RegisteredClientRepository clients(org.springframework.core.env.Environment environment) {
            return new InMemoryRegisteredClientRepository(RegisteredClient.withId("1")
                    .clientId(CLIENT)
                    .clientSecret("{noop}" + CLIENT_SECRET)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUri(environment.getRequiredProperty("issuer.redirect-uri"))
                    .scope("openid")
                    .clientSettings(
                            ClientSettings.builder().requireProofKey(true).build())
                    .build());
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return token -> {
                if (token.getTokenType().equals(OAuth2TokenType.ACCESS_TOKEN)) {
                    List<String> groups = token.getPrincipal().getAuthorities().stream()
                            .map(role -> role.getAuthority().replace("ROLE_", ""))
                            .toList();
                    token.getClaims()
                            .audience(List.of(TestIssuer.AUDIENCE))
                            .claims(claims -> claims.putAll(Map.of("groups", groups)));
                    if (token.getPrincipal().getName().equals(LATE)) { // as clocks may differ
                        token.getClaims()
                                .issuedAt(Instant.now().minusSeconds(60))
                                .expiresAt(Instant.now().minusSeconds(20));
                    }
                }
            };
        }

        @Bean
        JWKSource<SecurityContext> keys() {
            return new ImmutableJWKSet<>(new JWKSet(TestIssuer.newKey()));
        }

        @Bean
        JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }
    }
}
