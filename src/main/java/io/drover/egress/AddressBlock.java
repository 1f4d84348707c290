package io.drover.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses with the same beginning, as in {@code 10.0.0.0/8}; one address is a block, too. */
final class AddressBlock {

    private final byte[] first;
    private final int bits;

    private AddressBlock(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** One address. */
    static AddressBlock of(InetAddress address) {
        byte[] bytes = bytes(address);
        return new AddressBlock(bytes, bytes.length * 8);
    }

    /** A block that is known to be well formed. */
    static AddressBlock of(String text) {
        AddressBlock block = parse(text);
        if (block == null) {
            throw new IllegalArgumentException(text);
        }
        return block;
    }

    /** @return null where the text is no block, or none that begins with its first address */
    static @Nullable AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        InetAddress address =
                slash < 0 ? null : Host.of(text.substring(0, slash)).literal();
        if (address == null || !bits.matches("\\d{1,3}")) {
            return null;
        }
        byte[] bytes = bytes(address);
        AddressBlock block = new AddressBlock(bytes, Integer.parseInt(bits));
        return block.bits <= bytes.length * 8 && Arrays.equals(block.end(false), bytes) ? block : null;
    }

    static byte[] bytes(InetAddress address) {
        return address.getAddress();
    }

    boolean contains(InetAddress address) {
        return contains(bytes(address));
    }

    boolean contains(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        int whole = bits / 8;
        if (Arrays.mismatch(address, 0, whole, first, 0, whole) >= 0) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || (address[whole] ^ first[whole]) >> (8 - rest) == 0;
    }

    boolean isOneAddress() {
        return bits == first.length * 8;
    }

    /** The kind of all its addresses, as far as its two ends tell; null where they are public, or not of one kind. */
    @Nullable
    AddressKind kind() {
        AddressKind kind = AddressKind.of(address(end(false)));
        return kind == AddressKind.of(address(end(true))) ? kind : null;
    }

    private byte[] end(boolean last) {
        byte[] end = first.clone();
        for (int bit = bits; bit < end.length * 8; bit++) {
            int mask = 0x80 >> bit % 8;
            end[bit / 8] = (byte) (last ? end[bit / 8] | mask : end[bit / 8] & ~mask);
        }
        return end;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the length is that of another address
        }
    }

    @Override
    public String toString() {
        return "%s/%d".formatted(address(first).getHostAddress(), bits);
    }

    /** An address as it is written in a URL. */
    static String written(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet4Address ? text : "[" + text + "]";
    }
}
