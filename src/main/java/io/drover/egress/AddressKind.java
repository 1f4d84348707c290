package io.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ranges of addresses that belong to no public host. */
enum AddressKind {
    LOOPBACK("a loopback address"),
    PRIVATE("a private address"),
    LINK_LOCAL("a link-local address"),
    METADATA("the address of a cloud's metadata service"),
    UNSPECIFIED("an unspecified address, which means this machine"),
    MULTICAST("a multicast address"),
    RESERVED("an address that no public host has");

    /** The first that contains an address decides. */
    private static final List<Map.Entry<AddressBlock, AddressKind>> RANGES = List.of(
            range("169.254.169.254/32", METADATA), // AWS, Azure, Google and most others
            range("169.254.170.2/32", METADATA), // AWS: tasks of ECS
            range("169.254.170.23/32", METADATA), // AWS: pods of EKS
            range("fd00:ec2::254/128", METADATA), // AWS
            range("fd00:ec2::23/128", METADATA),
            range("fd20:ce::254/128", METADATA), // Google
            range("100.100.100.200/32", METADATA), // Alibaba
            range("192.0.0.192/32", METADATA), // Oracle
            range("168.63.129.16/32", METADATA), // Azure: the host of the virtual machine
            range("0.0.0.0/8", UNSPECIFIED),
            range("10.0.0.0/8", PRIVATE),
            range("100.64.0.0/10", PRIVATE), // behind the NAT of a provider
            range("127.0.0.0/8", LOOPBACK),
            range("169.254.0.0/16", LINK_LOCAL),
            range("172.16.0.0/12", PRIVATE),
            range("192.0.0.0/24", RESERVED),
            range("192.0.2.0/24", RESERVED),
            range("192.168.0.0/16", PRIVATE),
            range("198.18.0.0/15", RESERVED),
            range("198.51.100.0/24", RESERVED),
            range("203.0.113.0/24", RESERVED),
            range("224.0.0.0/4", MULTICAST),
            range("240.0.0.0/4", RESERVED),
            range("::/128", UNSPECIFIED),
            range("::1/128", LOOPBACK),
            range("fc00::/7", PRIVATE),
            range("fec0::/10", PRIVATE),
            range("fe80::/10", LINK_LOCAL),
            range("ff00::/8", MULTICAST),
            range("64:ff9b:1::/48", PRIVATE), // NAT64 of a local network, in which the place of the IPv4 address varies
            range("2001::/32", RESERVED), // Teredo
            range("2001:db8::/32", RESERVED),
            range("3fff::/20", RESERVED));

    /** IPv6 addresses outside of it are no public ones, but for those that hold an IPv4 address. */
    private static final AddressBlock PUBLIC_IPV6 = AddressBlock.of("2000::/3");

    /** Where such addresses hold it, by the byte with which it begins. */
    private static final List<Map.Entry<AddressBlock, Integer>> HOLD_IPV4 = List.of(
            Map.entry(AddressBlock.of("::/96"), 12), // IPv4-compatible; Java itself turns mapped ones into IPv4
            Map.entry(AddressBlock.of("::ffff:0:0:0/96"), 12), // translated
            Map.entry(AddressBlock.of("64:ff9b::/96"), 12), // NAT64
            Map.entry(AddressBlock.of("2002::/16"), 2)); // 6to4

    /** What stands before the IPv4 address in the lower half of an ISATAP address, apart from one bit. */
    private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    private static Map.Entry<AddressBlock, AddressKind> range(String block, AddressKind kind) {
        return Map.entry(AddressBlock.of(block), kind);
    }

    /** The kind of an address, or of the IPv4 address in it; null for that of a public host. */
    static @Nullable AddressKind of(InetAddress address) {
        byte[] bytes = AddressBlock.bytes(address);
        for (Map.Entry<AddressBlock, AddressKind> range : RANGES) {
            if (range.getKey().contains(bytes)) {
                return range.getValue();
            }
        }
        if (bytes.length == 4) {
            return null;
        }
        for (Map.Entry<AddressBlock, Integer> holder : HOLD_IPV4) {
            if (holder.getKey().contains(bytes)) {
                return ofIpv4(bytes, holder.getValue());
            }
        }
        if (isIsatap(bytes)) {
            AddressKind inner = ofIpv4(bytes, 12);
            if (inner != null) {
                return inner;
            }
        }
        return PUBLIC_IPV6.contains(bytes) ? null : RESERVED;
    }

    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & ~2) == ISATAP[0]
                && bytes[9] == ISATAP[1]
                && bytes[10] == ISATAP[2]
                && bytes[11] == ISATAP[3];
    }

    private static @Nullable AddressKind ofIpv4(byte[] bytes, int from) {
        try {
            return of(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // of four bytes there is always one
        }
    }

    /** Whether a host that a list names may have such an address: those of a company's own network. */
    boolean isOfNamedHosts() {
        return this == LOOPBACK || this == PRIVATE;
    }

    @Override
    public String toString() {
        return words;
    }
}
