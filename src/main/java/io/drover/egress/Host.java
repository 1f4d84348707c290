package io.drover.egress;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host as somebody wrote it, read in one way.
 *
 * @param name    in lower case, without brackets, zone and the dot of the root
 * @param literal the address if it is one in digits; null for a name
 * @param isPlain false for a number that programs read differently, such as {@code 0177.0.0.1}, {@code 0x7f000001} or
 *                {@code 2130706433}
 */
record Host(String name, @Nullable InetAddress literal, boolean isPlain) {

    /** A host whose last part is a number is an address for some programs, whatever stands before. */
    private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

    private static final Pattern PLAIN = Pattern.compile("((0|[1-9]\\d{0,2})(\\.(?!$)|$)){4}");

    static Host of(String written) {
        String name = ascii(written.strip()).toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.indexOf(':') >= 0) {
            return ofIpv6(name);
        }
        while (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return isNumeric(name)
                ? new Host(name, ipv4(name), PLAIN.matcher(name).matches() && ipv4(name) != null)
                : new Host(name, null, true);
    }

    /** Without a regular expression for the names of nearly all requests: their last part begins with a letter. */
    private static boolean isNumeric(String name) {
        int last = name.lastIndexOf('.') + 1;
        return last < name.length()
                && Character.digit(name.charAt(last), 10) >= 0
                && NUMERIC.matcher(name).matches();
    }

    /** Digits and dots of other scripts mean those of ASCII when the name is looked up. */
    private static String ascii(String written) {
        for (int i = 0; i < written.length(); i++) {
            if (written.charAt(i) >= 128) {
                try {
                    return IDN.toASCII(written);
                } catch (IllegalArgumentException e) {
                    return written; // which is the name of no host, and in no list
                }
            }
        }
        return written;
    }

    private static Host ofIpv6(String text) {
        int zone = text.indexOf('%');
        String name = zone < 0 ? text : text.substring(0, zone);
        try {
            return new Host(name, InetAddress.getByName("[" + name + "]"), true); // in brackets nothing is looked up
        } catch (UnknownHostException e) {
            return new Host(name, null, false);
        }
    }

    /** As the C library reads it: up to four numbers in decimal, octal or hex, of which the last fills the rest. */
    private static @Nullable InetAddress ipv4(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            long part = number(parts[i]);
            long most = last ? (1L << 8 * (4 - i)) - 1 : 255;
            if (part < 0 || part > most) {
                return null;
            }
            address = last ? address << 8 * (4 - i) | part : address << 8 | part;
        }
        byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // of four bytes there is always one
        }
    }

    /** @return -1 where it is none */
    private static long number(String text) {
        try {
            if (text.startsWith("0x")) {
                return text.length() == 2 ? 0 : Long.parseUnsignedLong(text.substring(2), 16);
            }
            return text.length() > 1 && text.startsWith("0") ? Long.parseLong(text, 8) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
