package date

// monthNames are the months in the languages of the world's press, one language
// a line, with the case forms that dates take. Chinese, Japanese, Korean and
// Vietnamese number theirs.
const monthNames = `
january february march april may june july august september october november december
januar,jänner,jaenner februar,feber märz,maerz april mai juni,juno juli,julei august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre,setiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro
urtarrila,urtarrilak,urtarrilaren otsaila,otsailak,otsailaren martxoa,martxoak,martxoaren apirila,apirilak,apirilaren maiatza,maiatzak,maiatzaren ekaina,ekainak,ekainaren uztaila,uztailak,uztailaren abuztua,abuztuak,abuztuaren iraila,irailak,irailaren urria,urriak,urriaren azaroa,azaroak,azaroaren abendua,abenduak,abenduaren
januari februari maart april mei juni juli augustus september oktober november december
januarie februarie maart april mei junie julie augustus september oktober november desember
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
januar februar mäerz abrëll mee juni juli august september oktober november dezember
tammikuu,tammikuuta helmikuu,helmikuuta maaliskuu,maaliskuuta huhtikuu,huhtikuuta toukokuu,toukokuuta kesäkuu,kesäkuuta heinäkuu,heinäkuuta elokuu,elokuuta syyskuu,syyskuuta lokakuu,lokakuuta marraskuu,marraskuuta joulukuu,joulukuuta
jaanuar,jaanuaril veebruar,veebruaril märts,märtsil aprill,aprillil mai,mail juuni,juunil juuli,juulil august,augustil september,septembril oktoober,oktoobril november,novembril detsember,detsembril
janvāris,janvāra,janvārī februāris,februāra,februārī marts,marta,martā aprīlis,aprīļa,aprīlī maijs,maija,maijā jūnijs,jūnija,jūnijā jūlijs,jūlija,jūlijā augusts,augusta,augustā septembris,septembra,septembrī oktobris,oktobra,oktobrī novembris,novembra,novembrī decembris,decembra,decembrī
sausis,sausio vasaris,vasario kovas,kovo balandis,balandžio gegužė,gegužės birželis,birželio liepa,liepos rugpjūtis,rugpjūčio rugsėjis,rugsėjo spalis,spalio lapkritis,lapkričio gruodis,gruodžio
styczeń,stycznia luty,lutego marzec,marca kwiecień,kwietnia maj,maja czerwiec,czerwca lipiec,lipca sierpień,sierpnia wrzesień,września październik,października listopad,listopada grudzień,grudnia
leden,ledna únor,února březen,března duben,dubna květen,května červen,června červenec,července srpen,srpna září říjen,října listopad,listopadu prosinec,prosince
január,januára február,februára marec,marca apríl,apríla máj,mája jún,júna júl,júla august,augusta september,septembra október,októbra november,novembra december,decembra
januar,januarja februar,februarja marec,marca april,aprila maj,maja junij,junija julij,julija avgust,avgusta september,septembra oktober,oktobra november,novembra december,decembra
siječanj,siječnja veljača,veljače ožujak,ožujka travanj,travnja svibanj,svibnja lipanj,lipnja srpanj,srpnja kolovoz,kolovoza rujan,rujna listopad,listopada studeni,studenoga,studenog prosinac,prosinca
januar,januara februar,februara mart,marta april,aprila maj,maja jun,juna jul,jula avgust,avgusta septembar,septembra oktobar,oktobra novembar,novembra decembar,decembra
јануар,јануара фебруар,фебруара март,марта април,априла мај,маја јун,јуна,јуни јул,јула,јули август,августа септембар,септембра октобар,октобра новембар,новембра децембар,децембра
јануари февруари март април мај јуни јули август септември октомври ноември декември
януари февруари март април май юни юли август септември октомври ноември декември
январь,января февраль,февраля март,марта апрель,апреля май,мая июнь,июня июль,июля август,августа сентябрь,сентября октябрь,октября ноябрь,ноября декабрь,декабря
січень,січня лютий,лютого березень,березня квітень,квітня травень,травня червень,червня липень,липня серпень,серпня вересень,вересня жовтень,жовтня листопад,листопада грудень,грудня
студзень,студзеня люты,лютага сакавік,сакавіка красавік,красавіка май,мая чэрвень,чэрвеня ліпень,ліпеня жнівень,жніўня верасень,верасня кастрычнік,кастрычніка лістапад,лістапада снежань,снежня
január,januári február,februári március,márciusi április,áprilisi május,májusi június,júniusi július,júliusi augusztus,augusztusi szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
janar,janari shkurt,shkurti mars,marsi prill,prilli maj,maji qershor,qershori korrik,korriku gusht,gushti shtator,shtatori tetor,tetori nëntor,nëntori dhjetor,dhjetori
ιανουάριος,ιανουαρίου φεβρουάριος,φεβρουαρίου μάρτιος,μαρτίου απρίλιος,απριλίου μάιος,μαΐου ιούνιος,ιουνίου ιούλιος,ιουλίου αύγουστος,αυγούστου σεπτέμβριος,σεπτεμβρίου οκτώβριος,οκτωβρίου νοέμβριος,νοεμβρίου δεκέμβριος,δεκεμβρίου
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
yanvar fevral mart aprel may iyun iyul avqust,avgust sentyabr,sentabr oktyabr,oktabr noyabr dekabr
қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
იანვარი,იანვარს თებერვალი,თებერვალს მარტი,მარტს აპრილი,აპრილს მაისი,მაისს ივნისი,ივნისს ივლისი,ივლისს აგვისტო,აგვისტოს სექტემბერი,სექტემბერს ოქტომბერი,ოქტომბერს ნოემბერი,ნოემბერს დეკემბერი,დეკემბერს
հունվար,հունվարի փետրվար,փետրվարի մարտ,մարտի ապրիլ,ապրիլի մայիս,մայիսի հունիս,հունիսի հուլիս,հուլիսի օգոստոս,օգոստոսի սեպտեմբեր,սեպտեմբերի հոկտեմբեր,հոկտեմբերի նոյեմբեր,նոյեմբերի դեկտեմբեր,դեկտեմբերի
ינואר,בינואר פברואר,בפברואר מרץ,במרץ,מרס,במרס אפריל,באפריל מאי,במאי יוני,ביוני יולי,ביולי אוגוסט,באוגוסט ספטמבר,בספטמבר אוקטובר,באוקטובר נובמבר,בנובמבר דצמבר,בדצמבר
يناير فبراير مارس أبريل مايو يونيو,يونية يوليو,يولية أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جانفي فيفري مارس أفريل ماي جوان جويلية,يوليوز أوت,غشت شتنبر أكتوبر نونبر دجنبر
- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -
ژانویه فوریه مارس آوریل مه,می ژوئن ژوئیه,جولای اوت,آگوست سپتامبر اکتبر نوامبر دسامبر
جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर,सितम्बर अक्टूबर,अक्तूबर नवंबर,नवम्बर दिसंबर,दिसम्बर
जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
জানুয়ারি,জানুয়ারী ফেব্রুয়ারি,ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট,আগষ্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై,జూలై ఆగస్టు,ఆగస్ట్ సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్
જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ,ઓગસ્ટ સપ્ટેમ્બર ઑક્ટોબર,ઓક્ટોબર નવેમ્બર ડિસેમ્બર
ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್
ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ്,മെയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ
ጃንዋሪ,ጃንዩወሪ ፌብሩዋሪ,ፌብሩወሪ ማርች ኤፕሪል ሜይ ጁን ጁላይ ኦገስት ሴፕቴምበር ኦክቶበር ኖቬምበር ዲሴምበር
มกราคม,มค กุมภาพันธ์,กพ มีนาคม,มีค เมษายน,เมย พฤษภาคม,พค มิถุนายน,มิย กรกฎาคม,กค สิงหาคม,สค กันยายน,กย ตุลาคม,ตค พฤศจิกายน,พย ธันวาคม,ธค
januari februari,pebruari maret april mei juni juli agustus september oktober november,nopember desember
januari februari mac april mei jun julai ogos september oktober november disember
enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre
januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba
ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr
eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa meán deireadh samhain nollaig
jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru
januaro februaro marto aprilo majo junio julio aŭgusto septembro oktobro novembro decembro
`

// monthAbbreviations are those that are not the beginning of the name, and those
// whose beginning another language has for another month.
const monthAbbreviations = `
jan feb mar apr may jun jul aug sep oct nov dec
jän - mrz - mai - - - spt okt - dez
ene - mrt abr - - - ago set out - dic
gen - - - mag giu lug agt sept ott - des
sty lut - kwi maj cze - sie wrz paź lis gru
led úno bře dub kvě čvn čvc - zář říj - pro
янв фев мар апр май июн июл авг сен окт ноя дек
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
oca şub - nis - haz tem ağu eyl eki kas ara
- - - - - - - ags - - nop -
- - - - - - - ag - - - -
- - iii - - vi vii viii ix - xi xii
`

// monthHomonyms are names that two languages use for different months: Polish or
// Czech first, then Croatian. A weekday decides, else the date is ambiguous.
var monthHomonyms = map[string][2]uint8{
	"lip": {7, 6}, "srp": {8, 7}, "lis": {11, 10}, "list": {11, 10}, "listopad": {11, 10}, "listopada": {11, 10},
}

// kanun are the Levantine months whose names go in pairs (كانون الثاني, تشرين
// الأول) and the numerals that tell them apart: of the pair, 1 the first and 2
// the second.
var kanun = map[string]uint8{"كانون": 12, "تشرين": 10, "الأول": 1, "الاول": 1, "الثاني": 2, "الثانى": 2}

// weekdayNames from Monday to Sunday.
const weekdayNames = `
monday tuesday wednesday thursday friday saturday sunday
montag dienstag mittwoch donnerstag freitag samstag,sonnabend sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda,segunda-feira terça,terça-feira quarta,quarta-feira quinta,quinta-feira sexta,sexta-feira sábado domingo
dilluns dimarts dimecres dijous divendres dissabte diumenge
astelehena asteartea asteazkena osteguna ostirala larunbata igandea
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag
mandag tirsdag onsdag torsdag fredag lørdag søndag
mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur sunnudagur
maanantai,maanantaina tiistai,tiistaina keskiviikko,keskiviikkona torstai,torstaina perjantai,perjantaina lauantai,lauantaina sunnuntai,sunnuntaina
esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev
pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena
pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis
poniedziałek wtorek środa czwartek piątek sobota niedziela
pondělí úterý středa čtvrtek pátek sobota neděle
pondelok utorok streda štvrtok piatok sobota nedeľa
ponedeljek torek sreda četrtek petek sobota nedelja
ponedjeljak utorak srijeda četvrtak petak subota nedjelja
ponedeljak utorak sreda četvrtak petak subota nedelja
понедељак уторак среда четвртак петак субота недеља
понеделник вторник сряда четвъртък петък събота неделя
понеделник вторник среда четврток петок сабота недела
понедельник,пн вторник,вт среда,среду,ср четверг,чт пятница,пятницу,пт суббота,субботу,сб воскресенье,вс
понеділок,пн вівторок,вт середа,ср четвер,чт п'ятниця,пятниця,пт субота,сб неділя,нд
hétfő kedd szerda csütörtök péntek szombat vasárnap
luni marți miercuri joi vineri sâmbătă duminică
e-hënë e-martë e-mërkurë e-enjte e-premte e-shtunë e-diel
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
pazartesi,pzt salı çarşamba perşembe cuma cumartesi,cmt pazar
שני שלישי רביעי חמישי שישי שבת ראשון
الاثنين,الإثنين,اثنين الثلاثاء,ثلاثاء الأربعاء,الاربعاء,أربعاء الخميس,خميس الجمعة,جمعة السبت,سبت الأحد,الاحد,أحد
دوشنبه سه‌شنبه چهارشنبه پنجشنبه,پنج‌شنبه جمعه شنبه یکشنبه,یک‌شنبه
सोमवार मंगलवार बुधवार गुरुवार,बृहस्पतिवार शुक्रवार शनिवार रविवार
సోమవారం మంగళవారం బుధవారం గురువారం శుక్రవారం శనివారం ఆదివారం
સોમવાર મંગળવાર બુધવાર ગુરુવાર શુક્રવાર શનિવાર રવિવાર
ಸೋಮವಾರ ಮಂಗಳವಾರ ಬುಧವಾರ ಗುರುವಾರ ಶುಕ್ರವಾರ ಶನಿವಾರ ಭಾನುವಾರ
തിങ്കളാഴ്ച ചൊവ്വാഴ്ച ബുധനാഴ്ച വ്യാഴാഴ്ച വെള്ളിയാഴ്ച ശനിയാഴ്ച ഞായറാഴ്ച
திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயிறு
सोमवार मंगळवार बुधवार गुरुवार शुक्रवार शनिवार रविवार
ሰኞ ማክሰኞ ረቡዕ ሐሙስ ዓርብ ቅዳሜ እሑድ
সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার
จันทร์,วันจันทร์,จ อังคาร,วันอังคาร,อ พุธ,วันพุธ,พ พฤหัสบดี,วันพฤหัสบดี,พฤ ศุกร์,วันศุกร์,ศ เสาร์,วันเสาร์,ส อาทิตย์,วันอาทิตย์,อา
senin,isnin selasa rabu kamis,khamis jumat,jum'at,jumaat sabtu minggu,ahad
lunes martes miyerkules huwebes biyernes sabado linggo
jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili
llun mawrth mercher iau gwener sadwrn sul
lundo mardo merkredo ĵaŭdo vendredo sabato dimanĉo
星期一,礼拜一,禮拜一,周一,週一,月曜日,月曜,月 星期二,礼拜二,禮拜二,周二,週二,火曜日,火曜,火 星期三,礼拜三,禮拜三,周三,週三,水曜日,水曜,水 星期四,礼拜四,禮拜四,周四,週四,木曜日,木曜,木 星期五,礼拜五,禮拜五,周五,週五,金曜日,金曜,金 星期六,礼拜六,禮拜六,周六,週六,土曜日,土曜,土 星期日,星期天,礼拜日,礼拜天,禮拜日,周日,週日,日曜日,日曜,日
월요일,월 화요일,화 수요일,수 목요일,목 금요일,금 토요일,토 일요일,일
`

// otherWords are the rest, by what they do.
var otherWords = map[kind]string{
	isFiller: `of the on de del della di du dia día den der des dne dnia le la il el els les al au y e a i o v w z à a s g
		ngày ngay năm nam lúc luc năm ve op tanggal hari pada gada metų metu m d da do em et och ja og und and y
		год года годов году г года р рік року годината година godine godina god roku r leto leta évi ev yıl yıla urte urteko ko
		thứ hai ba tư sáu bảy chủ nhật published posted updated last modified created date publié publicado veröffentlicht um vom on
		pubdate le dal το της στις στη την τη в во у о в at noon ngày วันที่ ที่ พศ เวลา เมื่อ lúc t2 t3 t4 t5 t6 t7 cn rd fómhair
		يوم في الساعة ساعة تاريخ روز مورخ ساعت को दिनांक बजे रोजी वाजता এ அன்று కి ರಂದು ಸಮಯಕ್ಕೆ ന് કો કે nang ng ika ቀን יום בשעה שעה تمام کو time`,
	isClock: `kl klo kello klokken ore alle às as um u om à at lúc pukul jam hora horas ora hodina klukkan saat godz ob в о у στις
		ώρα la les las kell plkst الساعة ساعت`,
	isHour:         `h hs hr hrs uhr heures hora horas hod godz g ч год hours นาฬิกา น 时 時 點 点 시 h00`,
	isMinute:       `m min mn 分 분 นาที`,
	isSecond:       `s sec 秒 초 วินาที`,
	isYear:         `年 년`,
	isNumbered:     `月 월`,
	isDay:          `日 일 号 號 th st nd rd er re ère e ème a ste de º ª`,
	isAM:           `صباحا صباحًا 上午 午前 오전 凌晨 早上 清晨 πμ सुबह पूर्वाह्न صبح ጥዋት`,
	isPM:           `مساء مساءً 下午 午後 오후 晚上 傍晚 中午 μμ शाम दोपहर अपराह्न عصر ከሰዓት`,
	isAM | isLatin: `am ap fm sa öö pg dop matin ص ام`,
	isPM | isLatin: `pm ip em ch ös ptg odp md mu du م`,
	isTee:          `t`,
	isWeek:         `w`,
	isThang:        `tháng thg`,
}

// eras whose years Japan and Taiwan count; first is the year before the era's
// first.
var eras = [...]struct {
	name  string
	first int
}{{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"民國", 1911}, {"民国", 1911}}
