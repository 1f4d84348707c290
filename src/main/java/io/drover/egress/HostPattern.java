package io.drover.egress;

import io.drover.json.Excerpt;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an allow-list.
 *
 * @param text  as it is written
 * @param name  the host, or the domain below which hosts are allowed; empty for every host; null for addresses
 * @param below whether it names the hosts below the domain, and not the domain itself
 * @param block the addresses; null for a name
 * @param port  the only port; 0 for all
 */
record HostPattern(String text, @Nullable String name, boolean below, @Nullable AddressBlock block, int port) {

    private static final String RULE =
            "must be a host, the hosts below a domain, an address or a block of addresses, each with a port or without, as in api.example.com, *.example.com:443, 10.0.0.0/8 or [fd00::1]:8080";

    private static final int LONGEST = 253;

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?" + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");

    /**
     * @param setting names the list, as in {@code drover.egress.hosts}
     * @throws IllegalArgumentException for what is no entry, with a sentence that names the setting, the value and the rule
     */
    static HostPattern parse(String setting, String text) {
        HostPattern pattern = of(text.strip());
        if (pattern == null) {
            throw new IllegalArgumentException("%s (%s) %s".formatted(setting, Excerpt.of(text, 100), RULE));
        }
        return pattern;
    }

    /** The host of a URL that the process is configured with; null where it is none. */
    static @Nullable HostPattern of(String host, int port) {
        String bare = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return of(port > 0 ? bare + ":" + port : bare);
    }

    private static @Nullable HostPattern of(String text) {
        if (text.indexOf('/') >= 0) {
            AddressBlock block = AddressBlock.parse(text);
            return block == null ? null : new HostPattern(text, null, false, block, 0);
        }
        int colon = text.lastIndexOf(':');
        boolean bareIpv6 = !text.startsWith("[") && colon != text.indexOf(':');
        boolean hasPort = colon > 0 && !bareIpv6 && !text.endsWith("]");
        String port = hasPort ? text.substring(colon + 1) : "";
        if (hasPort && (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65_535)) {
            return null;
        }
        return of(text, hasPort ? text.substring(0, colon) : text, hasPort ? Integer.parseInt(port) : 0);
    }

    private static @Nullable HostPattern of(String text, String host, int port) {
        if (host.equals("*")) {
            return new HostPattern(text, "", true, null, port);
        }
        boolean below = host.startsWith("*.");
        Host read = Host.of(below ? host.substring(2) : host);
        if (!read.isPlain() || below && read.literal() != null) {
            return null;
        }
        if (read.literal() != null) {
            return new HostPattern(text, null, false, AddressBlock.of(read.literal()), port);
        }
        boolean isName =
                read.name().length() <= LONGEST && NAME.matcher(read.name()).matches();
        return isName ? new HostPattern(text, read.name(), below, null, port) : null;
    }

    /** Whether it names exactly this host. */
    boolean isHost(String host) {
        return !below && host.equals(name);
    }

    /** Whether it allows a host that has a name. */
    boolean allowsName(String host) {
        return name != null
                && (below ? name.isEmpty() || host.endsWith(name) && isLabelBefore(host) : host.equals(name));
    }

    private boolean isLabelBefore(String host) {
        int dot = host.length() - String.valueOf(name).length() - 1;
        return dot > 0 && host.charAt(dot) == '.';
    }

    boolean contains(InetAddress address) {
        return block != null && block.contains(address);
    }

    /** @param asked 0 where the port is not known, as where a name is looked up */
    boolean allowsPort(int asked) {
        return port == 0 || asked <= 0 || port == asked;
    }

    @Override
    public String toString() {
        return text;
    }
}
