package io.drover.egress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The hosts and addresses that somebody may connect to. */
final class HostList {

    /** The setting that adds to it, as in {@code drover.egress.hosts}. */
    private final String setting;

    private final List<HostPattern> patterns;
    private final Map<String, List<HostPattern>> hosts = new HashMap<>();
    private final List<HostPattern> domains = new ArrayList<>();
    private final List<HostPattern> blocks = new ArrayList<>();

    HostList(String setting, List<HostPattern> patterns) {
        this.setting = setting;
        this.patterns = List.copyOf(patterns);
        for (HostPattern pattern : patterns) {
            if (pattern.name() == null) {
                blocks.add(pattern);
            } else if (pattern.below()) {
                domains.add(pattern);
            } else {
                hosts.computeIfAbsent(pattern.name(), name -> new ArrayList<>()).add(pattern);
            }
        }
    }

    String setting() {
        return setting;
    }

    List<HostPattern> patterns() {
        return patterns;
    }

    /** This list and others, under the setting of this one. */
    HostList and(Stream<HostList> others) {
        return new HostList(
                setting,
                Stream.concat(Stream.of(this), others)
                        .flatMap(list -> list.patterns.stream())
                        .distinct()
                        .toList());
    }

    /** Whether a name is on it, whatever addresses the host has. */
    boolean allowsName(String name, int port) {
        for (HostPattern pattern : named(name)) { // asked for each request
            if (pattern.allowsPort(port)) {
                return true;
            }
        }
        for (HostPattern pattern : domains) {
            if (pattern.allowsPort(port) && pattern.allowsName(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an address may be connected to that was written in the place of a name. */
    boolean allowsLiteral(InetAddress address, int port) {
        AddressKind kind = AddressKind.of(address);
        boolean all = kind == null
                && domains.stream()
                        .anyMatch(pattern -> String.valueOf(pattern.name()).isEmpty() && pattern.allowsPort(port));
        return all
                || blocks.stream()
                        .anyMatch(pattern -> pattern.allowsPort(port)
                                && (kind == null ? pattern.contains(address) : means(pattern, address, kind)));
    }

    /** Whether a host of this list may have a special address: if the list names the address, or that host. */
    boolean allowsSpecial(String name, InetAddress address, int port, AddressKind kind) {
        return kind.isOfNamedHosts() && !named(name).isEmpty()
                || blocks.stream().anyMatch(pattern -> pattern.allowsPort(port) && means(pattern, address, kind));
    }

    /** All addresses, say, do not mean those of a special kind, and link-local ones do not mean a metadata service. */
    private static boolean means(HostPattern pattern, InetAddress address, AddressKind kind) {
        AddressBlock block = pattern.block();
        return block != null && block.contains(address) && (block.isOneAddress() || block.kind() == kind);
    }

    private List<HostPattern> named(String name) {
        return hosts.getOrDefault(name, List.of());
    }
}
