package io.drover.manage;

import java.util.Set;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.AllowAllRestrictor;

/**
 * What may be done to MBeans over HTTP (Jolokia, which Hawtio uses). Only what Hawtio's Camel and runtime pages need is there at
 * all; a viewer reads, an operator also changes and calls.
 */
public final class JolokiaAccess extends AllowAllRestrictor {

    private static final Set<String> DOMAINS =
            Set.of("org.apache.camel", "io.drover", "java.lang", "hawtio", "jolokia", "JMImplementation");

    /** Operations by which Hawtio draws and counts. */
    private static final Pattern READING =
            Pattern.compile("(?:dump|explain|list|find|get|is|has|browse|search)\\w*(?:\\(.*\\))?");

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return !isKnown(name);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return isKnown(name);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return isKnown(name) && !isOfTheJvm(name) && Caller.isOperator();
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (!isKnown(name) || isOfTheJvm(name)) {
            return false;
        }
        return READING.matcher(operation).matches() || Caller.isOperator();
    }

    private static boolean isKnown(ObjectName name) {
        return DOMAINS.contains(name.getDomain());
    }

    private static boolean isOfTheJvm(ObjectName name) {
        return name.getDomain().equals("java.lang");
    }
}
