# Draws the ratios of a run of the benchmark: gnuplot -e "data='ratios.dat'; image='ratios.svg'".
# A row of the data: what was measured, its ratio to the first of its workload, 1 when it is flowdb's;
# a workload's own row has no ratio.
set terminal svg size 900,1000 dynamic noenhanced font "sans-serif,13" background "white"
set output image
set datafile separator "\t"
set encoding utf8
set style fill solid 0.85 noborder
set yrange [*:*] reverse
set offsets 0, 0, 0.6, 0.6
set xrange [0.04:30]
set logscale x
set xtics nomirror ("0.05" 0.05, "0.1" 0.1, "0.2" 0.2, "0.5" 0.5, "1" 1, "2" 2, "5" 5, "10" 10)
set ytics nomirror scale 0
set border 1
set xlabel "time, in relation to the first bar of its group (logarithmic)"
set grid xtics linecolor "#dddddd"
set arrow from 1, graph 0 to 1, graph 1 nohead linecolor "#888888" front
set lmargin 40
unset key
is_heading(row) = strcol(2) eq "nan"
plot data using (1):0:(0.04):2:($0 - 0.4):($0 + 0.4):($3 == 1 ? 0x1f77b4 : 0xb8b8b8)\
          :yticlabels(is_heading(0) ? "" : strcol(1)) with boxxyerror linecolor rgb variable, \
     data using 2:0:(is_heading(0) ? "" : sprintf("%.2f", $2)) with labels left offset 0.5, 0 font ",11", \
     data using (0.042):0:(is_heading(0) ? strcol(1) : "") with labels left font "sans-serif:Bold,12"
