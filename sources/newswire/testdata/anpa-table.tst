z9631-----
r z BC-FER--FerriesExpanded     05-17 0820
^BC-FER--Ferries Expanded Glance< 
^Ferries Expanded Standings= 
^All Times EDT= 
^By The Associated Press= 
^EAST DIVISION= 
^;W;L;Pct 
Bergen;23;13;.639 
Voss;24;14;.632 
^END<
AP-WF-05-17-16 0620GMT<
