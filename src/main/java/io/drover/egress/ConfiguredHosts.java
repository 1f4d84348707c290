package io.drover.egress;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The hosts that the process is configured with by other settings: databases, Kafka, models, MCP servers, proxies. */
final class ConfiguredHosts {

    /** Their other parts may hold passwords. */
    private static final List<String> JDBC = List.of("spring.datasource.url", "spring.flyway.url");

    private static final List<String> URLS = List.of(
            "otel.exporter.otlp.endpoint",
            "otel.exporter.otlp.traces.endpoint",
            "spring.data.redis.url",
            "drover.security.oidc.issuer",
            "drover.security.oidc.jwk-set-uri");

    private static final List<String> ADDRESSES = List.of(
            "camel.component.kafka.brokers", "spring.data.redis.cluster.nodes", "spring.data.redis.sentinel.nodes");

    /** A host, and the setting that holds its port. */
    private static final Map<String, String> HOSTS = new TreeMap<>(Map.of(
            "spring.data.redis.host", "spring.data.redis.port",
            "camel.component.http.proxy-host", "camel.component.http.proxy-port",
            "camel.component.https.proxy-host", "camel.component.https.proxy-port",
            "http.proxyHost", "http.proxyPort",
            "https.proxyHost", "https.proxyPort",
            "socksProxyHost", "socksProxyPort",
            "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"));

    /** What stands between the driver's name and the database, as in {@code jdbc:postgresql://user@host1:5432,host2/db}. */
    private static final Pattern AUTHORITY = Pattern.compile("(?:(?<!/)//|@)(?!/)([^/?;]+)");

    private static final Pattern IN_BRACKETS = Pattern.compile("(\\[[^\\]]*])(?::(\\d+))?");

    /** One of them. */
    record Configured(String setting, HostPattern pattern) {}

    /** What holds a URL among other settings. */
    record Addressed(@Nullable String url) {}

    private final Environment environment;
    private final List<Configured> all = new ArrayList<>();

    private ConfiguredHosts(Environment environment) {
        this.environment = environment;
        JDBC.forEach(setting -> addJdbc(setting, environment.getProperty(setting)));
        below("drover.datasources", this::addJdbc);
        below("drover.models", this::addUrl);
        below("drover.mcp", this::addUrl);
        URLS.forEach(setting -> addUrl(setting, environment.getProperty(setting)));
        ADDRESSES.forEach(setting -> addAddresses(setting, environment.getProperty(setting)));
        HOSTS.forEach((host, port) -> add(host, environment.getProperty(host), number(environment.getProperty(port))));
        if (environment.getProperty("KUBERNETES_SERVICE_HOST") != null) {
            add("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc", 0);
        }
    }

    static ConfiguredHosts in(Environment environment) {
        return new ConfiguredHosts(environment);
    }

    List<Configured> all() {
        return all;
    }

    List<HostPattern> patterns() {
        return all.stream().map(Configured::pattern).toList();
    }

    private interface Reader {
        void add(String setting, @Nullable String url);
    }

    private void below(String prefix, Reader reader) {
        Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, Addressed.class))
                .ifBound(map ->
                        map.forEach((name, settings) -> reader.add(prefix + "." + name + ".url", settings.url())));
    }

    /** Without a host it is this machine, as in {@code jdbc:postgresql:drover}. */
    private void addJdbc(String setting, @Nullable String url) {
        if (url == null) {
            return;
        }
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        Matcher authority = AUTHORITY.matcher(url.substring(0, end));
        if (!authority.find()) {
            if (url.startsWith("jdbc:postgresql:")) {
                add(setting, "localhost", 0);
            }
            return;
        }
        String hosts = authority.group(1);
        addAddresses(setting, hosts.substring(hosts.lastIndexOf('@') + 1));
    }

    private void addAddresses(String setting, @Nullable String addresses) {
        if (addresses == null) {
            return;
        }
        for (String address : addresses.strip().split("\\s*,\\s*")) {
            Matcher ipv6 = IN_BRACKETS.matcher(address);
            String[] parts = address.replaceFirst("^.*//", "").split("[:\\\\]");
            if (ipv6.matches()) {
                add(setting, ipv6.group(1), number(ipv6.group(2)));
            } else if (parts.length > 0) {
                add(setting, parts[0], parts.length > 1 ? number(parts[1]) : 0);
            }
        }
    }

    private void addUrl(String setting, @Nullable String text) {
        try {
            URI url = text == null ? null : URI.create(text.strip());
            if (url != null && url.getHost() != null) {
                int usual = "https".equalsIgnoreCase(url.getScheme())
                        ? 443
                        : "http".equalsIgnoreCase(url.getScheme()) ? 80 : 0;
                add(setting, url.getHost(), url.getPort() > 0 ? url.getPort() : usual);
            }
        } catch (IllegalArgumentException e) { // whoever uses the setting refuses it
            return;
        }
    }

    private void add(String setting, @Nullable String host, int port) {
        HostPattern pattern = host == null ? null : HostPattern.of(host.strip(), port);
        if (pattern != null) {
            all.add(new Configured(setting, pattern));
        }
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }
}
