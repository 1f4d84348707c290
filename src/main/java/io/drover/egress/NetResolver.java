package io.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Java's own resolver, for all names that this JVM looks up; addresses in digits do not come here.
 * Java makes it before there is any configuration, and perhaps with few jars, so this class needs no other.
 */
public final class NetResolver extends InetAddressResolverProvider {

    private static final ThreadLocal<@Nullable Boolean> UNJUDGED = new ThreadLocal<>();

    /** The latest decides; there are several only where tests start several applications. */
    private static final List<Judge> JUDGES = new CopyOnWriteArrayList<>();

    private static volatile @Nullable String localHostName;

    /** Says whether a name may be looked up, and its addresses be used. */
    interface Judge {

        /** @throws UnknownHostException when the name may not be looked up */
        void asked(String name) throws UnknownHostException;

        /** @throws UnknownHostException when its addresses may not be used */
        void found(String name, List<InetAddress> addresses) throws UnknownHostException;
    }

    /** Looks something up. */
    interface Lookup {
        InetAddress[] get() throws UnknownHostException;
    }

    /** Whether Java uses it. */
    static boolean isInForce() {
        if (localHostName == null) {
            try {
                InetAddress.getAllByName("localhost"); // the first name that is looked up loads it
            } catch (UnknownHostException e) {
                return localHostName != null;
            }
        }
        return localHostName != null;
    }

    static String localHostName() {
        return String.valueOf(localHostName);
    }

    static void judgeBy(Judge judge) {
        JUDGES.addLast(judge);
    }

    static void judgeNoMore(Judge judge) {
        JUDGES.remove(judge);
    }

    /** Looks up what was judged already. */
    static InetAddress[] unjudged(Lookup lookup) throws UnknownHostException {
        UNJUDGED.set(true);
        try {
            return lookup.get();
        } finally {
            UNJUDGED.remove();
        }
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        localHostName = configuration.lookupLocalHostName();
        return new Judging(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "Drover";
    }

    private record Judging(InetAddressResolver builtIn) implements InetAddressResolver {

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            Judge judge = judge();
            if (judge == null) {
                return builtIn.lookupByName(host, policy);
            }
            judge.asked(host);
            List<InetAddress> found = builtIn.lookupByName(host, policy).toList();
            judge.found(host, found);
            return found.stream();
        }

        private static @Nullable Judge judge() {
            if (JUDGES.isEmpty() || UNJUDGED.get() != null) {
                return null;
            }
            try {
                return JUDGES.getLast();
            } catch (NoSuchElementException e) { // it has gone meanwhile
                return null;
            }
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return builtIn.lookupByAddress(address);
        }
    }
}
