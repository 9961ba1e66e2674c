-- Orders with their price. total_amount is subtotal + tax - discount, rounded once; the tax and the
-- discount beside it are rounded for display, each by itself.
CREATE TABLE customer_orders (
    id                 SERIAL PRIMARY KEY,
    order_id           VARCHAR(50)    NOT NULL UNIQUE,
    customer_id        VARCHAR(50)    NOT NULL,
    customer_name      VARCHAR(255)   NOT NULL,
    product            VARCHAR(255)   NOT NULL,
    quantity           INTEGER        NOT NULL CHECK (quantity > 0),
    unit_price         NUMERIC(10, 2) NOT NULL CHECK (unit_price > 0),
    subtotal           NUMERIC(10, 2) NOT NULL,
    tax_amount         NUMERIC(10, 2) NOT NULL,
    discount_amount    NUMERIC(10, 2) NOT NULL,
    total_amount       NUMERIC(10, 2) NOT NULL,
    order_date         DATE           NOT NULL,
    priority           VARCHAR(20)    NOT NULL DEFAULT 'medium',
    region             VARCHAR(50)    NOT NULL,
    fulfillment_status VARCHAR(50)    NOT NULL DEFAULT 'pending',
    processed_by_flow  VARCHAR(100),
    created_at         TIMESTAMP DEFAULT timezone('utc', now()),
    updated_at         TIMESTAMP DEFAULT timezone('utc', now())
);

-- order_id has its index from UNIQUE.
CREATE INDEX idx_customer_orders_customer_id ON customer_orders (customer_id);
CREATE INDEX idx_customer_orders_order_date ON customer_orders (order_date);
CREATE INDEX idx_customer_orders_priority ON customer_orders (priority);
CREATE INDEX idx_customer_orders_region ON customer_orders (region);
CREATE INDEX idx_customer_orders_fulfillment_status ON customer_orders (fulfillment_status);
CREATE INDEX idx_customer_orders_processed_by_flow ON customer_orders (processed_by_flow);
CREATE INDEX idx_customer_orders_order_date_status ON customer_orders (order_date, fulfillment_status);
CREATE INDEX idx_customer_orders_region_priority ON customer_orders (region, priority);
