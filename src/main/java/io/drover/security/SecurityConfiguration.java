package io.drover.security;

import io.drover.tool.Excerpt;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * HTTP Basic on every path but the two probes, also on the hooks that routes offer. There is no session that could hold a
 * token against forged requests; {@link CrossSiteRequests} refuses them by what browsers say of their origin.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {

    private static final String MCP = "/mcp";
    private static final String[] JOLOKIA = {"/jolokia", "/jolokia/**", "/hawtio/jolokia", "/hawtio/jolokia/**"};
    private static final String CHALLENGE = "Basic realm=\"drover\", charset=\"UTF-8\"";

    private static final String CONSOLE_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Bean
    PasswordEncoder passwordEncoder(Clock clock) {
        return new RememberingPasswordEncoder(PasswordEncoderFactories.createDelegatingPasswordEncoder(), clock);
    }

    @Bean
    SecurityFilterChain everything(HttpSecurity http, HookRequests hooks) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/health/live", "/health/ready")
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, JOLOKIA) // JolokiaAccess says who may do what
                        .hasAnyRole(Roles.OPERATOR, Roles.VIEWER)
                        .requestMatchers(
                                JOLOKIA) // Hawtio's first GET takes 403 for an agent; Jolokia's own refusal is a 200
                        .denyAll()
                        .requestMatchers(hooks)
                        .hasRole(Roles.OPERATOR)
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyRole(Roles.OPERATOR, Roles.VIEWER)
                        .requestMatchers(HttpMethod.HEAD)
                        .hasAnyRole(Roles.OPERATOR, Roles.VIEWER)
                        .requestMatchers(MCP) // what a viewer may do there is decided by the message, not by the method
                        .hasAnyRole(Roles.OPERATOR, Roles.VIEWER)
                        .anyRequest()
                        .hasRole(Roles.OPERATOR))
                .httpBasic(basic -> basic.authenticationEntryPoint((request, response, failure) -> {
                    response.setHeader("WWW-Authenticate", CHALLENGE);
                    ProblemResponse.write(
                            response,
                            HttpStatus.UNAUTHORIZED,
                            "this needs a user: send HTTP Basic credentials of one of drover.security.users");
                }))
                .exceptionHandling(
                        handling -> handling.accessDeniedHandler((request, response, failure) -> ProblemResponse.write(
                                response,
                                HttpStatus.FORBIDDEN,
                                request.isUserInRole(Roles.OPERATOR)
                                        ? "Jolokia is asked by POST only"
                                        : "a viewer may only read; this %s needs the role operator"
                                                .formatted(request.getMethod()))))
                .addFilterBefore(new CrossSiteRequests(hooks), BasicAuthenticationFilter.class)
                // Without a referrer at all, browsers would not say the origin of a form either.
                .headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                                request -> request.getRequestURI().startsWith("/console/"),
                                new ContentSecurityPolicyHeaderWriter(CONSOLE_POLICY))))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    /** Requests that are refused before anything looks at them: odd paths, methods and header values. */
    @Bean
    RequestRejectedHandler rejectedRequests() {
        return (request, response, rejected) -> ProblemResponse.write(
                response,
                HttpStatus.BAD_REQUEST,
                "the request is not well formed: " + Excerpt.of(rejected.getMessage()));
    }
}
