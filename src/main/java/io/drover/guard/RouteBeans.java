package io.drover.guard;

import io.drover.datasource.ToolDataSource;
import io.drover.datasource.ToolDataSources;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The beans that routes find by name or type. The connections and transactions of Drover's own tables are not among them:
 * in their place stand the data sources that are configured for routes.
 */
final class RouteBeans implements BeanRepository {

    private static final List<Class<?>> DATABASE = List.of(
            DataSource.class,
            TransactionManager.class,
            TransactionOperations.class,
            JdbcOperations.class,
            NamedParameterJdbcOperations.class,
            JdbcClient.class);

    private final BeanRepository all;
    private final Map<String, Object> named = new HashMap<>();
    private final Map<String, Object> unnamed;

    private RouteBeans(BeanRepository all, ToolDataSources sources) {
        this.all = all;
        this.unnamed = Map.of("dataSource", sources.ofSteps());
        for (ToolDataSource source : sources.all()) {
            named.put(source.name(), source);
        }
        named.putAll(unnamed);
    }

    /** Puts them in the place of all beans. */
    static void replace(CamelContext context, ToolDataSources sources) {
        DefaultRegistry before = context.getRegistry(DefaultRegistry.class);
        List<BeanRepository> repositories = before.getRepositories().stream()
                .<BeanRepository>map(repository -> new RouteBeans(repository, sources))
                .toList();
        DefaultRegistry registry = new DefaultRegistry(repositories);
        registry.setCamelContext(context);
        registry.setFallbackRegistry(before.getFallbackRegistry());
        registry.setSupplierRegistry(before.getSupplierRegistry());
        context.getCamelContextExtension().setRegistry(registry);
    }

    private static boolean isHidden(@Nullable Object bean) {
        return DATABASE.stream().anyMatch(type -> type.isInstance(bean));
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        Object ours = named.get(name);
        Object bean = ours == null ? all.lookupByName(name) : ours;
        return ours == null && isHidden(bean) ? null : bean;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        Object ours = named.get(name);
        if (type.isInstance(ours)) {
            return type.cast(ours);
        }
        T bean = all.lookupByNameAndType(name, type);
        return isHidden(bean) ? null : bean;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        Map<String, T> found = new HashMap<>(all.findByTypeWithName(type));
        found.values().removeIf(RouteBeans::isHidden);
        unnamed.forEach((name, bean) -> {
            if (type.isInstance(bean) && type != Object.class) {
                found.put(name, type.cast(bean));
            }
        });
        return found;
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return new HashSet<>(findByTypeWithName(type).values());
    }

    @Override
    public <T> @Nullable T findSingleByType(Class<T> type) {
        if (DATABASE.stream().anyMatch(type::isAssignableFrom)
                || DATABASE.stream().anyMatch(hidden -> hidden.isAssignableFrom(type))) {
            Set<T> found = findByType(type);
            return found.size() == 1 ? found.iterator().next() : null;
        }
        return all.findSingleByType(type);
    }

    @Override
    public Object unwrap(Object value) {
        return all.unwrap(value);
    }
}
