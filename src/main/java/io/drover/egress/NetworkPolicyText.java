package io.drover.egress;

import io.drover.egress.ConfiguredHosts.Configured;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/** The lists of hosts as text: for people, and as a NetworkPolicy of Kubernetes. */
public final class NetworkPolicyText {

    private static final String HEAD =
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: drover-egress
            spec:
              podSelector:
                matchLabels: { app: ai-agent }
              policyTypes: [Egress]
              egress:
                - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }]
                  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
            """;

    /** What {@code *} does not mean, as far as a NetworkPolicy can say it. */
    private static final String EVERYWHERE =
            """
                - to:
                    - ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 100.64.0.0/10, 168.63.129.16/32, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16] }
                    - ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] }
            """;

    private final List<Configured> entries;
    private final boolean lookUp;
    private final SequencedMap<String, String> rules = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    private NetworkPolicyText(List<Configured> entries, boolean lookUp) {
        this.entries = entries;
        this.lookUp = lookUp;
    }

    /** All entries of all lists in force in an environment, one a line, with the settings that they come from. */
    public static String list(Environment environment) {
        return byText(entries(environment)).entrySet().stream()
                .map(entry -> "%-40s %s%n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    /**
     * @param lookUp whether names become the addresses that they have now; else they are left out, and named in a comment
     * @throws io.drover.start.RefusedToStartException when a setting breaks a rule
     */
    public static String manifest(Environment environment, boolean lookUp) {
        return new NetworkPolicyText(entries(environment), lookUp).manifest();
    }

    private static List<Configured> entries(Environment environment) {
        Stream<Configured> lists = EgressProperties.in(environment).lists().stream()
                .flatMap(list -> list.patterns().stream().map(pattern -> new Configured(list.setting(), pattern)));
        return Stream.concat(lists, ConfiguredHosts.in(environment).all().stream())
                .toList();
    }

    private static Map<String, String> byText(List<Configured> entries) {
        return entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.pattern().text(),
                        Configured::setting,
                        (first, second) -> first.contains(second) ? first : first + ", " + second,
                        LinkedHashMap::new));
    }

    private String manifest() {
        Map<String, String> settings = byText(entries);
        entries.stream()
                .map(Configured::pattern)
                .distinct()
                .forEach(pattern -> add(pattern, settings.getOrDefault(pattern.text(), "")));
        StringBuilder manifest = new StringBuilder(
                "# Written by drover.jar egress --networkpolicy from the lists of hosts; write it again when they change.\n");
        if (!leftOut.isEmpty()) {
            manifest.append(
                    "# Left out: a NetworkPolicy knows addresses and no names. An egress gateway, or Cilium's toFQDNs, names them.\n");
            leftOut.forEach(line -> manifest.append("#   ").append(line).append('\n'));
        }
        manifest.append(HEAD);
        rules.values().forEach(manifest::append);
        return manifest.toString();
    }

    private void add(HostPattern pattern, String settings) {
        AddressBlock block = pattern.block();
        String name = pattern.name();
        if (block != null) {
            rule(block.toString(), pattern.port(), settings);
        } else if (name != null && name.isEmpty()) {
            rules.put(pattern.text(), EVERYWHERE + ports(pattern.port()));
        } else if (name != null && lookUp && !pattern.below()) {
            lookUp(name, pattern, settings);
        } else {
            leftOut.add("%s (%s)".formatted(pattern, settings));
        }
    }

    private void lookUp(String name, HostPattern pattern, String settings) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(name);
            Arrays.stream(addresses)
                    .map(address -> AddressBlock.of(address).toString())
                    .sorted()
                    .forEach(address -> rule(address, pattern.port(), "%s, %s".formatted(pattern, settings)));
        } catch (UnknownHostException e) {
            leftOut.add("%s (%s): no address is known".formatted(pattern, settings));
        }
    }

    private void rule(String cidr, int port, String comment) {
        rules.putIfAbsent(
                cidr + " " + port,
                "    - to: [{ ipBlock: { cidr: \"%s\" } }] # %s\n%s".formatted(cidr, comment, ports(port)));
    }

    private static String ports(int port) {
        return port == 0 ? "" : "      ports: [{ port: %d }]\n".formatted(port);
    }
}
