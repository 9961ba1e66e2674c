--
-- PostgreSQL database dump
--

\restrict Zx3nHqKc0aVt9LbYfE2wDsU7mPjRoGi5TlX8CeM1hNvQ6SdJyBuWkFzAgIpO4rA

SET statement_timeout = 0;
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: orders; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orders (
    id integer NOT NULL,
    note text DEFAULT 'a;b'::text
);

CREATE SEQUENCE public.orders_id_seq
    AS integer
    START WITH 1
    CACHE 1;

ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;
ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);

COPY public.orders (id, note) FROM stdin;
1	first; 'one'
2	\\.
3	\N
\.


SELECT pg_catalog.setval('public.orders_id_seq', 3, true);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

--
-- PostgreSQL database dump complete
--

\unrestrict Zx3nHqKc0aVt9LbYfE2wDsU7mPjRoGi5TlX8CeM1hNvQ6SdJyBuWkFzAgIpO4rA

